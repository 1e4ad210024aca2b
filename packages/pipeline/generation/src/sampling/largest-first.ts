/** Weights below this part of the largest are not even looked at in the first round, then in the second ... */
const ROUNDS = [1e-3, 1e-6, 1e-12, 0];

/**
 * Indices of the largest weights, largest first and lower index first among equals, until `enough` of them
 * are found: whatever is left out is smaller than everything returned. Sorting only the head makes this
 * fast, since almost all of a vocabulary is next to impossible. The largest weight is 1.
 */
export function largestFirst(weights: Float64Array, enough: (found: readonly number[]) => boolean): readonly number[] {
  let found: number[] = [];
  for (const least of ROUNDS) {
    found = [];
    weights.forEach((weight, index) => {
      if (weight >= least) found.push(index);
    });
    if (enough(found)) break;
  }
  return found.toSorted((left, right) => (weights[right] ?? 0) - (weights[left] ?? 0) || left - right);
}
