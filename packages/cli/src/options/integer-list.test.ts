import { InvalidArgumentError } from '@commander-js/extra-typings';
import { expect, test } from 'vitest';
import { integerList } from './integer-list.ts';

test('reads numbers between commas', () => {
  expect(integerList({ min: 1 })('64, 512,2048')).toEqual([64, 512, 2048]);
  expect(integerList({ min: 1 })('7')).toEqual([7]);
});

test.each(['', '1,', '1,,2', '1;2', '1,0', '1,2.5'])('refuses %j', (text) => {
  expect(() => integerList({ min: 1 })(text)).toThrow(InvalidArgumentError);
});
