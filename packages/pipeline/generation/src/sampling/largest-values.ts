/** Weights below this part of the largest are not even looked at in the first round, then in the second ... */
const ROUNDS = [1e-3, 1e-6, 1e-12, Number.MIN_VALUE];

/**
 * The largest weights, smallest of them first, until `enough` says they are: whatever is left out is smaller.
 * Sorting only these makes it fast, since almost all of a vocabulary is next to impossible. Weights of 0 are
 * never among them. The largest weight is 1.
 */
export function largestValues(weights: Float64Array, enough: (found: Float64Array) => boolean): Float64Array {
  let found = new Float64Array();
  for (const least of ROUNDS) {
    found = weights.filter((weight) => weight >= least);
    if (enough(found)) break;
  }
  return found.toSorted();
}
