/**
 * Rounds float32 numbers to float16 words, to the nearest, halves to even. Finite numbers beyond the largest
 * float16 become that, so that no product turns into infinity minus infinity; infinities and NaN stay.
 *
 * @returns How many finite numbers were too large.
 */
export function float16Words(values: Float32Array, into: Uint16Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let overflows = 0;
  for (let index = 0; index < bits.length; index++) {
    const word = bits[index] ?? 0;
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    let half: number;
    if (magnitude >= 0x7f800000) half = magnitude === 0x7f800000 ? 0x7c00 : 0x7e00;
    else if (magnitude >= 0x477ff000) {
      // Would round to 65,536 or is larger.
      half = 0x7bff;
      overflows++;
    } else if (magnitude < 0x38800000) half = subnormal(magnitude);
    else half = (magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13;
    into[index] = sign | half;
  }
  return overflows;
}

/** Below 2^-14 a float16 counts in steps of 2^-24. */
function subnormal(magnitude: number): number {
  const exponent = magnitude >>> 23;
  // Half a step or less is zero; subnormal float32 are far below that.
  if (exponent < 102) return 0;
  const significand = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - exponent;
  const truncated = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const halfway = 1 << (shift - 1);
  return truncated + (rest > halfway || (rest === halfway && (truncated & 1) === 1) ? 1 : 0);
}
