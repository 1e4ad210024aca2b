import { expect, test } from 'vitest';
import { repeatedTime } from './repeated-time.ts';

test('one slow repetition does not move the median', () => {
  expect(repeatedTime([3, 900, 2])).toEqual({ median: 3, fastest: 2, slowest: 900, all: [3, 900, 2] });
});

test('of an even number of times the median lies between the middle two', () => {
  expect(repeatedTime([4, 1, 2, 9]).median).toBe(3);
});
