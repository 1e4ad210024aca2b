import type { BlockArrays, BlockFormat } from '../src/weights/block-format.ts';

/**
 * Numbers back from blocks, by the book: code `k` of a row lies in block `k / blockSize`, lowest bits first; zero
 * points are packed alike along the blocks of a row; without them it is `2^(bits-1)`.
 */
export function dequantise(arrays: BlockArrays, rows: number, columns: number, format: BlockFormat): Float32Array {
  const { bits, blockSize, symmetric } = format;
  const blocks = Math.ceil(columns / blockSize);
  const zeroPointBytes = Math.ceil((blocks * bits) / 8);
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const block = Math.floor(column / blockSize);
    const code = bitsAt(arrays.codes, (row * blocks * blockSize + column) * bits, bits);
    const zero = symmetric ? 2 ** (bits - 1) : bitsAt(arrays.zeroPoints, row * zeroPointBytes * 8 + block * bits, bits);
    return (code - zero) * (arrays.scales[row * blocks + block] ?? Number.NaN);
  });
}

function bitsAt(bytes: Uint8Array, bit: number, bits: number): number {
  return ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & (2 ** bits - 1);
}
