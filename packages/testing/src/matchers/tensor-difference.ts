/** How far numbers are from what they should be. */
export type TensorDifference = {
  /** Elements compared. */
  readonly count: number;
  /** Largest absolute difference; NaN in only one of the two counts as infinity. */
  readonly maxAbsolute: number;
  /** Mean absolute difference. */
  readonly meanAbsolute: number;
  /** Index of the largest difference, with both numbers there. */
  readonly worst: { readonly index: number; readonly actual: number; readonly expected: number };
};

/** Compares element by element. Equal infinities, and NaN with NaN, do not differ. */
export function tensorDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): TensorDifference {
  let maxAbsolute = 0;
  let sum = 0;
  let worst = { index: 0, actual: actual[0] ?? Number.NaN, expected: expected[0] ?? Number.NaN };
  const count = Math.max(actual.length, expected.length);
  for (let index = 0; index < count; index++) {
    const pair = { index, actual: actual[index] ?? Number.NaN, expected: expected[index] ?? Number.NaN };
    const missing = index >= actual.length || index >= expected.length;
    const difference = missing ? Infinity : distance(pair.actual, pair.expected);
    sum += difference;
    if (difference > maxAbsolute) {
      maxAbsolute = difference;
      worst = pair;
    }
  }
  return { count, maxAbsolute, meanAbsolute: count === 0 ? 0 : sum / count, worst };
}

function distance(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0;
  const difference = Math.abs(actual - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}
