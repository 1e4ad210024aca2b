/** Numbers that a pass reads: 256 MB, more than any cache holds. */
const NUMBERS = 2 ** 25;
const PASSES = 10;

/** Bytes per second that this thread reads from memory in order: the best of some passes. Takes about half a second. */
export function readSpeed(numbers = NUMBERS): number {
  const values = new Float64Array(numbers).fill(1);
  let best = 0;
  let sum = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    const began = performance.now();
    sum += total(values);
    best = Math.max(best, (values.byteLength * 1000) / Math.max(performance.now() - began, 1e-3));
  }
  // The sum is used, so that no compiler may leave the reading out.
  return sum === PASSES * numbers ? best : 0;
}

/** Eight sums at once, so that no addition waits for the one before. Takes multiples of eight. */
function total(values: Float64Array): number {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let index = 0; index < values.length; index += 8) {
    a += values[index] ?? 0;
    b += values[index + 1] ?? 0;
    c += values[index + 2] ?? 0;
    d += values[index + 3] ?? 0;
    e += values[index + 4] ?? 0;
    f += values[index + 5] ?? 0;
    g += values[index + 6] ?? 0;
    h += values[index + 7] ?? 0;
  }
  return a + b + c + d + e + f + g + h;
}
