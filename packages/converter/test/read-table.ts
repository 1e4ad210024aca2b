import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileRange, TableDescription } from '@ovis/core';
import { dequantise } from './dequantise.ts';

/** All numbers of a table of a bundle that is stored as float32 or in blocks. */
export function readTable(bundle: string, table: TableDescription): Float32Array {
  const bytes = ({ file, offset, length }: FileRange) =>
    Uint8Array.from(readFileSync(join(bundle, file)).subarray(offset, offset + length));
  if (table.storage !== 'blocks') return new Float32Array(bytes(table.data).buffer);
  const { rows, columns, bits, blockSize, codes, scales, zeroPoints } = table;
  const arrays = {
    codes: bytes(codes),
    scales: new Float32Array(bytes(scales).buffer),
    zeroPoints: zeroPoints ? bytes(zeroPoints) : new Uint8Array(),
  };
  return dequantise(arrays, rows, columns, { bits, blockSize, symmetric: zeroPoints === null });
}
