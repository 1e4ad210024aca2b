import { expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts';
import { firstCapacity, grownCapacity } from './state-growth.ts';

const growth = { step: 256, share: 1 / 8, most: 1024 };

test('a state grows by its share, in whole steps, and by as much as is asked for', () => {
  expect([0, 1, 256, 257].map((positions) => firstCapacity(positions, growth))).toEqual([256, 256, 256, 512]);
  expect(grownCapacity(256, 257, 256, growth)).toBe(512);
  expect(grownCapacity(4096, 4097, 4096, growth)).toBe(4608);
  expect(grownCapacity(4096, 9000, 4096, growth)).toBe(9216);
  expect(grownCapacity(16_384, 16_385, 0, growth)).toBe(17_408);
});

test('only positions that there are can be kept', () => {
  expect(grownCapacity(256, 256, 256, growth)).toBe(256);
  expect(() => grownCapacity(256, 256, 257, growth)).toThrow(InvalidArgumentError);
});
