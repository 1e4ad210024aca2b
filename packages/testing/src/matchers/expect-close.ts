import { expect } from 'vitest';
import { tensorDifference } from './tensor-difference.ts';

/** Fails with a report (worst element, mean) when any element is further than `tolerance` from what it should be. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const { count, maxAbsolute, meanAbsolute, worst } = tensorDifference(actual, expected);
  if (actual.length === expected.length && maxAbsolute <= tolerance) return;
  expect.fail(
    actual.length === expected.length
      ? `Largest difference of ${count} elements: ${worst.actual} instead of ${worst.expected} at ${worst.index}, ` +
          `${maxAbsolute} > ${tolerance}; mean difference ${meanAbsolute}.`
      : `${actual.length} elements instead of ${expected.length}.`,
  );
}
