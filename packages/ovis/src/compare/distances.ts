import { ShapeMismatchError } from '@ovis/core';

/** `|b - a| / |a|` over all elements, Euclidean; 0 for two zeros. */
export function relativeError(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    throw new ShapeMismatchError(`Cannot compare ${a.length} numbers with ${b.length}: the models are not alike.`);
  }
  let difference = 0;
  let size = 0;
  for (let index = 0; index < a.length; index++) {
    const value = a[index] ?? 0;
    difference += ((b[index] ?? 0) - value) ** 2;
    size += value ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}

/** Kullback-Leibler divergence in nats of two distributions given as logits, the first against the second. */
export function divergence(a: Float32Array, b: Float32Array): number {
  const [logA, logB] = [logSum(a), logSum(b)];
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    const log = (a[index] ?? 0) - logA;
    const probability = Math.exp(log);
    if (probability > 0) sum += probability * (log - ((b[index] ?? 0) - logB));
  }
  return Math.max(0, sum);
}

/** Index of the largest element, the first of equals. */
export function argMax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] ?? -Infinity) > (values[best] ?? -Infinity)) best = index;
  }
  return best;
}

/** `log(sum(exp(x)))`, safe for large numbers. */
function logSum(values: Float32Array): number {
  const largest = values[argMax(values)] ?? 0;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
