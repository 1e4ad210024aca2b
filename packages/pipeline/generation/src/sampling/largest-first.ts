/** Weights below this part of the largest are not even looked at in the first round, then in the second ... */
const ROUNDS = [1e-3, 1e-6, 1e-12, Number.MIN_VALUE];

/** Which weights are wanted. */
export type Wanted =
  /** All that are at least this large. */
  | { readonly least: number }
  /** The largest, until these are enough. */
  | { readonly until: (found: readonly number[]) => boolean };

/**
 * Indices of the largest weights, largest first and lower index first among equals: whatever is left out is
 * smaller than everything returned. Sorting only the head makes this fast, since almost all of a vocabulary
 * is next to impossible. Weights of 0 are never returned. The largest weight is 1.
 */
export function largestFirst(weights: Float64Array, wanted: Wanted): readonly number[] {
  const found = 'least' in wanted ? atLeast(weights, wanted.least) : enough(weights, wanted.until);
  return found.toSorted((left, right) => (weights[right] ?? 0) - (weights[left] ?? 0) || left - right);
}

function enough(weights: Float64Array, until: (found: readonly number[]) => boolean): readonly number[] {
  let found: readonly number[] = [];
  for (const least of ROUNDS) {
    found = atLeast(weights, least);
    if (until(found)) break;
  }
  return found;
}

function atLeast(weights: Float64Array, least: number): readonly number[] {
  const found: number[] = [];
  weights.forEach((weight, index) => {
    if (weight >= least) found.push(index);
  });
  return found;
}
