/** All bits of a float32's exponent, which only NaN and infinities have set. */
const EXPONENT = 0x7f800000;

/** Index of the first number that is NaN or infinite, or -1. */
export function firstNotFinite(values: Float32Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let largest = 0;
  for (let index = 0; index < bits.length; index++) {
    const magnitude = (bits[index] ?? 0) & 0x7fffffff;
    if (magnitude > largest) largest = magnitude;
  }
  return largest < EXPONENT ? -1 : values.findIndex((value) => !Number.isFinite(value));
}
