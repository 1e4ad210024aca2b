/** The float32 value of each of the 65,536 half-precision words; made when first asked for, 256 KB. */
export function halfPrecisionValues(): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, word) => valueOf(word));
  return table;
}

let table: Float32Array | null = null;

function valueOf(word: number): number {
  const sign = (word & 0x8000) === 0 ? 1 : -1;
  const exponent = (word >> 10) & 0x1f;
  const fraction = word & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  // Exponent 0 holds the subnormal numbers, multiples of 2^-24.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
