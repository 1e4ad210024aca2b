import { elementCount } from '@ovis/core';
import { readExpression, type TensorReader } from './read-expression.ts';
import type { RowBatch } from './row-batch.ts';
import { transposeTile } from './transpose-tile.ts';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** Elements that are worked on at once, 8 MB as float32. A row that is longer is taken whole. */
const BATCH_ELEMENTS = 2 * 1024 * 1024;
/** Elements of the transposed tile that is held, 192 MB: a matrix of `n` tiles is read `n` times. */
const TILE_ELEMENTS = 48 * 1024 * 1024;

/** Gives a weight's rows in order, whatever its size holding no more than a bounded part of it. */
export async function* matrixRows(
  expression: WeightExpression,
  tensors: TensorReader,
  transposed: boolean,
): AsyncGenerator<RowBatch, void, undefined> {
  const shape = expressionShape(expression);
  const columns = elementCount(shape.slice(1));
  const rows = columns === 0 ? 0 : elementCount(shape) / columns;
  yield* transposed
    ? transposedRows(expression, tensors, rows, columns)
    : plainRows(expression, tensors, rows, columns);
}

async function* plainRows(
  expression: WeightExpression,
  tensors: TensorReader,
  rows: number,
  columns: number,
): AsyncGenerator<RowBatch, void, undefined> {
  const batchRows = Math.min(rows, Math.max(1, Math.floor(BATCH_ELEMENTS / columns)));
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
): AsyncGenerator<RowBatch, void, undefined> {
  const tileRows = Math.min(columns, Math.max(1, Math.floor(TILE_ELEMENTS / rows)));
  const tile = new Float32Array(tileRows * rows);
  const batchRows = Math.max(1, Math.floor(BATCH_ELEMENTS / rows));
  for (let first = 0; first < columns; first += tileRows) {
    const count = Math.min(tileRows, columns - first);
    for await (const batch of plainRows(expression, tensors, rows, columns)) {
      transposeTile(batch, first, count, rows, tile);
    }
    for (let row = 0; row < count; row += batchRows) {
      const batchCount = Math.min(batchRows, count - row);
      const data = tile.subarray(row * rows, (row + batchCount) * rows);
      yield { firstRow: first + row, rows: batchCount, columns: rows, data };
    }
  }
}
