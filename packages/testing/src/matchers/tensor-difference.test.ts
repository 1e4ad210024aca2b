import { expect, test } from 'vitest';
import { expectClose } from './expect-close.ts';
import { tensorDifference } from './tensor-difference.ts';

test('finds the largest difference and where it is', () => {
  expect(tensorDifference([1, 2, 3], [1, 2.5, 2.75])).toEqual({
    count: 3,
    maxAbsolute: 0.5,
    meanAbsolute: 0.25,
    worst: { index: 1, actual: 2, expected: 2.5 },
  });
});

test('takes equal infinities and NaN for equal, but not with a number', () => {
  expect(tensorDifference([Infinity, Number.NaN], [Infinity, Number.NaN]).maxAbsolute).toBe(0);
  expect(tensorDifference([Number.NaN], [1]).maxAbsolute).toBe(Infinity);
  expect(tensorDifference([Infinity], [-Infinity]).maxAbsolute).toBe(Infinity);
});

test('takes a missing element for an infinite difference', () => {
  expect(tensorDifference([1], [1, 0]).maxAbsolute).toBe(Infinity);
  expect(tensorDifference([], []).maxAbsolute).toBe(0);
});

test('reports what is wrong', () => {
  expect(() => {
    expectClose([1, 2], [1, 4], 1);
  }).toThrow('Largest difference of 2 elements: 2 instead of 4 at 1, 2 > 1; mean difference 1.');
  expect(() => {
    expectClose([1], [1, 4], 1);
  }).toThrow('1 elements instead of 2.');
});
