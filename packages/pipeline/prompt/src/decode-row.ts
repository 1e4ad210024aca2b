import { halfPrecisionValues } from './half-precision.ts';

/** Writes one row's numbers to `target` `[columns]`, from its bytes in each array of the table. */
export type RowDecoder = (arrays: readonly Uint8Array[], target: Float32Array) => void;

/** A row of little-endian float32. */
export const decodeFloats: RowDecoder = ([data], target) => {
  target.set(floatsOf(data));
};

/** A row of little-endian half-precision words. */
export const decodeHalves: RowDecoder = ([data], target) => {
  const values = halfPrecisionValues();
  const bytes = data ?? none;
  for (let column = 0; column < target.length; column++) {
    target[column] = values[byteAt(bytes, 2 * column) | (byteAt(bytes, 2 * column + 1) << 8)] ?? 0;
  }
};

/**
 * A row of blocks in the layout of `MatMulNBits`: `(code - zero point) * scale`, codes and zero points packed low
 * bits first, a missing zero point is `2^(bits-1)`. The product is exact in double precision and rounded once to
 * float32, as ONNX Runtime gives it.
 */
export function decodeBlocks(bits: 4 | 8, blockSize: number): RowDecoder {
  const codeAt = bits === 8 ? byteAt : nibbleAt;
  return ([codes, scaleBytes, zeroPoints], target) => {
    const scales = floatsOf(scaleBytes);
    for (let column = 0, block = 0; column < target.length; block++) {
      const scale = scales[block] ?? 0;
      const zeroPoint = zeroPoints === undefined ? 2 ** (bits - 1) : codeAt(zeroPoints, block);
      const end = Math.min(column + blockSize, target.length);
      for (; column < end; column++) target[column] = (codeAt(codes ?? none, column) - zeroPoint) * scale;
    }
  };
}

const none = new Uint8Array(0);

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function nibbleAt(bytes: Uint8Array, index: number): number {
  return (byteAt(bytes, index >> 1) >> (4 * (index & 1))) & 0xf;
}

/** The bytes as float32; copied, since a view must begin at a multiple of four. */
function floatsOf(bytes: Uint8Array = none): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
