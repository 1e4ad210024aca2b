import type { FileRange } from '@ovis/core';
import type { OutputFile } from '../bundle/output-file.ts';
import { blockRow, type BlockFormat } from './block-format.ts';
import { float16Words } from './float16-words.ts';
import { matrixRows } from './matrix-rows.ts';
import { importBlocks, type BlockBatch } from './import-blocks.ts';
import { firstNotFinite } from './first-not-finite.ts';
import { notFinite } from './not-finite.ts';
import { quantisedBatches } from './quantised-batches.ts';
import type { WeightExpression, WeightStorage } from './weight-expression.ts';
import { writeColumns } from './write-columns.ts';
import type { WriteContext } from './write-context.ts';

/** Where the pieces of a weight lie. Float weights have only `data`. */
export type WrittenWeight =
  | { readonly kind: 'floats'; readonly data: FileRange }
  | { readonly kind: 'columns'; readonly codes: FileRange; readonly scales: FileRange }
  | {
      readonly kind: 'blocks';
      readonly codes: FileRange;
      readonly scales: FileRange;
      readonly zeroPoints: FileRange | null;
    };

/**
 * Evaluates a weight in batches of rows and appends it to the file, each piece at an aligned offset.
 *
 * @throws ModelFileError when the weight holds NaN or an infinity.
 */
export async function writeWeight(
  expression: WeightExpression,
  storage: WeightStorage,
  context: WriteContext,
): Promise<WrittenWeight> {
  switch (storage.kind) {
    case 'blocks':
      return writeBlocks(blockBatches(expression, storage, context), storage, context);
    case 'columns':
      return { kind: 'columns', ...(await writeColumns(expression, storage.transposed ?? false, context)) };
    case 'f32':
    case 'f16':
      return { kind: 'floats', data: await writeFloats(expression, storage.kind, storage.transposed, context) };
  }
}

async function writeFloats(
  expression: WeightExpression,
  kind: 'f32' | 'f16',
  transposed: boolean,
  { tensors, file, onBytes, onOverflow }: WriteContext,
): Promise<FileRange> {
  await file.align();
  const start = file.size;
  let words = new Uint16Array(0);
  for await (const { data, firstRow, columns } of matrixRows(expression, tensors, transposed)) {
    const bad = firstNotFinite(data);
    if (bad !== -1) notFinite(expression, firstRow + Math.floor(bad / columns));
    if (kind === 'f32') await file.append(data);
    else {
      if (words.length < data.length) words = new Uint16Array(data.length);
      const overflows = float16Words(data, words);
      if (overflows > 0) onOverflow(overflows);
      await file.append(words.subarray(0, data.length));
    }
    onBytes(data.length * (kind === 'f32' ? 4 : 2));
  }
  return file.rangeFrom(start);
}

/** Codes go straight to the file; scales and zero points, a ninth of them at most, are held until all codes are there. */
async function writeBlocks(
  batches: AsyncIterable<BlockBatch>,
  format: BlockFormat,
  { file, onBytes }: WriteContext,
): Promise<WrittenWeight> {
  await file.align();
  const start = file.size;
  const scales: Float32Array[] = [];
  const zeroPoints: Uint8Array[] = [];
  for await (const { rows, columns, arrays } of batches) {
    const row = blockRow(format, columns);
    scales.push(arrays.scales.slice(0, rows * row.blocks));
    zeroPoints.push(arrays.zeroPoints.slice(0, rows * row.zeroPointBytes));
    await file.append(arrays.codes.subarray(0, rows * row.codeBytes));
    onBytes(rows * (row.codeBytes + row.blocks * 4 + row.zeroPointBytes));
  }
  const codes = file.rangeFrom(start);
  const scaleRange = await appendAll(file, scales);
  return {
    kind: 'blocks',
    codes,
    scales: scaleRange,
    zeroPoints: format.symmetric ? null : await appendAll(file, zeroPoints),
  };
}

/** Rows in blocks: the checkpoint's own integers, or computed ones. */
function blockBatches(
  expression: WeightExpression,
  { imported, transposed = false, ...format }: Extract<WeightStorage, { readonly kind: 'blocks' }>,
  { tensors, quantiser }: WriteContext,
): AsyncIterable<BlockBatch> {
  if (imported === undefined) return quantisedBatches(expression, format, transposed, { tensors, quantiser });
  if (tensors.packed === undefined) throw new TypeError('Integers are to be imported of a checkpoint that has none.');
  return importBlocks(expression, format, imported.order, tensors.packed);
}

async function appendAll(file: OutputFile, parts: readonly ArrayBufferView[]): Promise<FileRange> {
  await file.align();
  const start = file.size;
  for (const part of parts) await file.append(part);
  return file.rangeFrom(start);
}
