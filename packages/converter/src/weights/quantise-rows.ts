import { fitAsymmetric } from './fit-asymmetric.ts';
import { fitSymmetric } from './fit-symmetric.ts';
import { packCodes } from './pack-codes.ts';
import { blockRow, type BlockArrays, type BlockFit, type BlockFormat } from './block-format.ts';

/**
 * Puts rows into blocks. Numbers that are not finite make their block's scale not finite; see {@link firstBadRow}.
 *
 * @param values - `[rows, columns]`.
 * @param into - Arrays for at least as many rows, see {@link allocateBlocks}.
 */
export function quantiseRows(
  values: Float32Array,
  rows: number,
  columns: number,
  format: BlockFormat,
  into: BlockArrays,
): void {
  const { bits, blockSize, symmetric } = format;
  const { blocks, codeBytes, zeroPointBytes } = blockRow(format, columns);
  const levels = 2 ** bits - 1;
  const fit: BlockFit = { scale: 0, zeroPoint: 0 };
  const fitBlock = symmetric ? fitSymmetric : fitAsymmetric;
  const blockCodes = new Uint8Array(blockSize);
  into.zeroPoints.fill(0, 0, rows * zeroPointBytes);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * columns + block * blockSize;
      const end = Math.min(start + blockSize, (row + 1) * columns);
      fitBlock(values, start, end, levels, fit);
      writeCodes(values, start, end, levels, fit, blockCodes);
      into.scales[row * blocks + block] = fit.scale;
      const codeStart = row * codeBytes + (block * blockSize * bits) / 8;
      packCodes(blockCodes, bits, into.codes, codeStart);
      if (!symmetric) packOne(fit.zeroPoint, block, bits, into.zeroPoints, row * zeroPointBytes);
    }
  }
}

/** The first of `rows` rows with a scale that is not finite, or -1. */
export function firstBadRow(scales: Float32Array, format: BlockFormat, rows: number, columns: number): number {
  const { blocks } = blockRow(format, columns);
  const index = scales.subarray(0, rows * blocks).findIndex((scale) => !Number.isFinite(scale));
  return index === -1 ? -1 : Math.floor(index / blocks);
}

/** Codes of one block; what is missing of the last block gets the zero point, which means 0. */
function writeCodes(
  values: Float32Array,
  start: number,
  end: number,
  levels: number,
  { scale, zeroPoint }: BlockFit,
  codes: Uint8Array,
): void {
  if (end - start < codes.length || scale === 0) codes.fill(zeroPoint);
  if (scale === 0) return;
  const inverse = 1 / scale;
  const shift = zeroPoint + 0.5;
  for (let index = start, code = 0; index < end; index++, code++) {
    const level = (values[index] ?? 0) * inverse + shift;
    codes[code] = level <= 0 ? 0 : level >= levels ? levels : level;
  }
}

function packOne(value: number, index: number, bits: 4 | 8, into: Uint8Array, start: number): void {
  const byte = start + (bits === 8 ? index : index >> 1);
  into[byte] = bits === 8 ? value : (into[byte] ?? 0) | (value << (4 * (index & 1)));
}
