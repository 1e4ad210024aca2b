import { ModelFileError } from '@ovis/core';
import type { PackedReader } from '../packed/packed-reader.ts';
import { allocateBlocks, blockRow, type BlockArrays, type BlockFormat } from './block-format.ts';
import { expressionRows, type RowRun } from './expression-rows.ts';
import { packCodes } from './pack-codes.ts';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** Codes that are repacked at once. */
const BATCH_CODES = 256 * 1024;

/** Rows in blocks. The arrays are valid until the next ones are asked for. */
export type BlockBatch = { readonly rows: number; readonly columns: number; readonly arrays: BlockArrays };

/**
 * Repacks the integers of a packed matrix into blocks, bit for bit; nothing is rounded. A block is a group or an equal
 * part of one, then with the same scale and zero point.
 *
 * @param order - The order that puts the inputs of a group side by side; null for that of the inputs.
 */
export async function* importBlocks(
  expression: WeightExpression,
  format: BlockFormat,
  order: Int32Array | null,
  packed: PackedReader,
): AsyncGenerator<BlockBatch, void, undefined> {
  const [total = 0, columns = 0] = expressionShape(expression);
  const batchRows = Math.min(total, Math.max(1, Math.floor(BATCH_CODES / columns)));
  const arrays = allocateBlocks(format, batchRows, columns);
  for (let first = 0; first < total; first += batchRows) {
    const rows = Math.min(batchRows, total - first);
    let done = 0;
    for (const run of expressionRows(expression, first, rows) ?? []) {
      await importRun(run, { format, order, columns, packed }, arrays, done);
      done += run.count;
    }
    if (done !== rows) throw new TypeError('A matrix that is not made of packed rows was to be imported.');
    yield { rows, columns, arrays };
  }
}

type Import = {
  readonly format: BlockFormat;
  readonly order: Int32Array | null;
  readonly columns: number;
  readonly packed: PackedReader;
};

async function importRun(
  { tensor, first, count }: RowRun,
  { format, order, columns, packed }: Import,
  into: BlockArrays,
  firstRow: number,
): Promise<void> {
  const { bits, blockSize } = format;
  const { codes, scales, zeroPoints } = await packed.rows(tensor, first, count);
  const bad = scales.findIndex((scale) => !Number.isFinite(scale));
  const groups = scales.length / count;
  if (bad !== -1) notFinite(tensor, first + Math.floor(bad / groups));
  const { blocks, codeBytes, zeroPointBytes } = blockRow(format, columns);
  const rowCodes = new Uint8Array(blocks * blockSize);
  const rowZeros = new Uint8Array(blocks);
  for (let row = 0; row < count; row++) {
    for (let block = 0; block < blocks; block++) {
      const group = row * groups + Math.floor((block * blockSize * groups) / columns);
      rowZeros[block] = zeroPoints[group] ?? 0;
      into.scales[(firstRow + row) * blocks + block] = scales[group] ?? 0;
    }
    const rowOf = codes.subarray(row * columns, (row + 1) * columns);
    if (order === null) rowCodes.set(rowOf);
    else for (let place = 0; place < columns; place++) rowCodes[place] = rowOf[order[place] ?? 0] ?? 0;
    rowCodes.fill(rowZeros[blocks - 1] ?? 0, columns); // the last block's rest means 0
    packCodes(rowCodes, bits, into.codes, (firstRow + row) * codeBytes);
    packCodes(rowZeros, bits, into.zeroPoints, (firstRow + row) * zeroPointBytes);
  }
}

function notFinite(tensor: string, row: number): never {
  throw new ModelFileError(`A scale of output ${row} of ${tensor} is NaN or infinite. Download the checkpoint again.`, {
    details: { tensors: [tensor], row },
  });
}
