import { elementCount } from '@ovis/core';
import { readExpression, type TensorReader } from './read-expression.ts';
import type { RowBatch } from './row-batch.ts';
import { transposeTile } from './transpose-tile.ts';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** How much of a weight is held at once, in elements. */
export type RowLimits = {
  /** What is worked on at once. A row that is longer is taken whole. */
  readonly batch: number;
  /** The transposed tile that is held: a matrix of `n` tiles is read `n` times. */
  readonly tile: number;
};

/** Default: batches of 1 MB, which fit the processor's cache and take a few milliseconds; tiles of 192 MB. */
export const defaultLimits: RowLimits = { batch: 256 * 1024, tile: 48 * 1024 * 1024 };

/** Gives a weight's rows in order, whatever its size holding no more than a bounded part of it. */
export async function* matrixRows(
  expression: WeightExpression,
  tensors: TensorReader,
  transposed: boolean,
  limits = defaultLimits,
): AsyncGenerator<RowBatch, void, undefined> {
  const shape = expressionShape(expression);
  const columns = elementCount(shape.slice(1));
  const rows = columns === 0 ? 0 : elementCount(shape) / columns;
  yield* transposed
    ? transposedRows(expression, tensors, rows, columns, limits)
    : plainRows(expression, tensors, rows, columns, limits.batch);
}

async function* plainRows(
  expression: WeightExpression,
  tensors: TensorReader,
  rows: number,
  columns: number,
  batch: number,
): AsyncGenerator<RowBatch, void, undefined> {
  const batchRows = Math.min(rows, Math.max(1, Math.floor(batch / columns)));
  const buffer = new Float32Array(batchRows * columns);
  for (let firstRow = 0; firstRow < rows; firstRow += batchRows) {
    const count = Math.min(batchRows, rows - firstRow);
    const data = buffer.subarray(0, count * columns);
    await readExpression(expression, tensors, firstRow * columns, data);
    yield { firstRow, rows: count, columns, data };
  }
}

/**
 * Rows of the transpose, which are columns of the stored matrix. As many as fit a tile are gathered in one
 * pass over the whole matrix: large reads in file order, where reading columns would be a million small ones.
 */
async function* transposedRows(
  expression: WeightExpression,
  tensors: TensorReader,
  rows: number,
  columns: number,
  limits: RowLimits,
): AsyncGenerator<RowBatch, void, undefined> {
  const tileRows = Math.min(columns, Math.max(1, Math.floor(limits.tile / rows)));
  const tile = new Float32Array(tileRows * rows);
  const batchRows = Math.max(1, Math.floor(limits.batch / rows));
  for (let first = 0; first < columns; first += tileRows) {
    const count = Math.min(tileRows, columns - first);
    for await (const batch of plainRows(expression, tensors, rows, columns, limits.batch)) {
      transposeTile(batch, first, count, rows, tile);
    }
    for (let row = 0; row < count; row += batchRows) {
      const batchCount = Math.min(batchRows, count - row);
      const data = tile.subarray(row * rows, (row + batchCount) * rows);
      yield { firstRow: first + row, rows: batchCount, columns: rows, data };
    }
  }
}
