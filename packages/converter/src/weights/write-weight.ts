import { ModelFileError, type FileRange } from '@ovis/core';
import type { OutputFile } from '../bundle/output-file.ts';
import { allocateBlocks, blockRow, type BlockFormat } from './block-format.ts';
import { segmentsOf } from './expression-segments.ts';
import { float16Words } from './float16-words.ts';
import { matrixRows } from './matrix-rows.ts';
import { firstBadRow, quantiseRows } from './quantise-rows.ts';
import type { TensorReader } from './read-expression.ts';
import type { WeightExpression, WeightStorage } from './weight-expression.ts';

/** Where the pieces of a weight lie. Float weights have only `data`. */
export type WrittenWeight =
  | { readonly kind: 'floats'; readonly data: FileRange }
  | {
      readonly kind: 'blocks';
      readonly codes: FileRange;
      readonly scales: FileRange;
      readonly zeroPoints: FileRange | null;
    };

/** What a weight is written with. */
export type WriteContext = {
  readonly tensors: TensorReader;
  readonly file: OutputFile;
  /** Called after every batch with the bytes it gave; throws to stop. */
  readonly onBytes: (bytes: number) => void;
  /** Called with the number of values of a weight that float16 cannot hold. */
  readonly onOverflow: (count: number) => void;
};

/**
 * Evaluates a weight in batches of rows and appends it to the file, each piece at an aligned offset.
 *
 * @throws ModelFileError when block storage meets NaN or an infinity.
 */
export async function writeWeight(
  expression: WeightExpression,
  storage: WeightStorage,
  context: WriteContext,
): Promise<WrittenWeight> {
  return storage.kind === 'blocks'
    ? writeBlocks(expression, storage, storage.transposed ?? false, context)
    : { kind: 'floats', data: await writeFloats(expression, storage.kind, storage.transposed, context) };
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
  for await (const { data } of matrixRows(expression, tensors, transposed)) {
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
  expression: WeightExpression,
  format: BlockFormat,
  transposed: boolean,
  { tensors, file, onBytes }: WriteContext,
): Promise<WrittenWeight> {
  await file.align();
  const start = file.size;
  const scales: Float32Array[] = [];
  const zeroPoints: Uint8Array[] = [];
  let arrays = allocateBlocks(format, 0, 0);
  for await (const { data, firstRow, rows, columns } of matrixRows(expression, tensors, transposed)) {
    const row = blockRow(format, columns);
    if (arrays.scales.length < rows * row.blocks) arrays = allocateBlocks(format, rows, columns);
    quantiseRows(data, rows, columns, format, arrays);
    const bad = firstBadRow(arrays.scales, rows, row.blocks);
    if (bad !== -1) notFinite(expression, firstRow + bad);
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

async function appendAll(file: OutputFile, parts: readonly ArrayBufferView[]): Promise<FileRange> {
  await file.align();
  const start = file.size;
  for (const part of parts) await file.append(part);
  return file.rangeFrom(start);
}

function notFinite(expression: WeightExpression, row: number): never {
  const names = segmentsOf(expression).flatMap(({ from }) => (from.op === 'tensor' ? [from.name] : []));
  throw new ModelFileError(
    `Row ${row} of ${[...new Set(names)].join(' + ')} holds NaN or an infinity, which int8 and int4 cannot store. ` +
      'Download the checkpoint again; if it is meant so, convert with dtype f32.',
    { details: { tensors: names, row } },
  );
}
