import type { FloatType } from './element-type.ts';

/**
 * Turns the stored bytes of floats into float32. Little-endian like the file; NaN and infinities stay.
 *
 * @param bytes - `into.length` elements of `type`; the view must start at a multiple of 8 of its buffer.
 */
export function decodeFloats(type: FloatType, bytes: Uint8Array, into: Float32Array): void {
  switch (type) {
    case 'BF16':
      return decodeBfloat16(words(bytes, into.length), into);
    case 'F16':
      return decodeFloat16(words(bytes, into.length), into);
    case 'F32':
      into.set(new Float32Array(bytes.buffer, bytes.byteOffset, into.length));
      return;
    case 'F64':
      into.set(new Float64Array(bytes.buffer, bytes.byteOffset, into.length));
      return;
  }
}

function words(bytes: Uint8Array, length: number): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, length);
}

/** A bfloat16 is the upper half of a float32. */
function decodeBfloat16(from: Uint16Array, into: Float32Array): void {
  const bits = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let index = 0; index < bits.length; index++) bits[index] = (from[index] ?? 0) << 16;
}

function decodeFloat16(from: Uint16Array, into: Float32Array): void {
  const table = float16Table();
  for (let index = 0; index < into.length; index++) into[index] = table[from[index] ?? 0] ?? 0;
}

let table: Float32Array | undefined;

/** All 65,536 float16 numbers; built once, when the first file needs them. */
function float16Table(): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, word) => float16ToNumber(word));
  return table;
}

/** Value of a float16's 16 bits. */
export function float16ToNumber(word: number): number {
  const sign = (word & 0x8000) === 0 ? 1 : -1;
  const exponent = (word >> 10) & 0x1f;
  const fraction = word & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
