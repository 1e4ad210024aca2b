import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileRange, TableDescription } from '@ovis/core';
import { float16ToNumber } from '../src/safetensors/decode-floats.ts';
import { dequantise } from './dequantise.ts';

/** All numbers of a table of a bundle. */
export function readTable(bundle: string, table: TableDescription): Float32Array {
  const bytes = ({ file, offset, length }: FileRange) =>
    Uint8Array.from(readFileSync(join(bundle, file)).subarray(offset, offset + length));
  if (table.storage !== 'blocks') {
    const { buffer } = bytes(table.data);
    return table.storage === 'f32'
      ? new Float32Array(buffer)
      : Float32Array.from(new Uint16Array(buffer), float16ToNumber);
  }
  const { rows, columns, bits, blockSize, codes, scales, zeroPoints } = table;
  const arrays = {
    codes: bytes(codes),
    scales: new Float32Array(bytes(scales).buffer),
    zeroPoints: zeroPoints ? bytes(zeroPoints) : new Uint8Array(),
  };
  return dequantise(arrays, rows, columns, { bits, blockSize, symmetric: zeroPoints === null });
}
