import type { RowBatch } from './row-batch.ts';

/** Side of the square that is turned at once; both sides of it stay in the processor's cache. */
const SQUARE = 32;

/**
 * Writes columns `first` to `first + count` of `batch` as rows of `tile`: `tile[c - first][row]` becomes
 * `batch[row][c]`.
 *
 * @param rowLength - Elements in a row of the tile: the rows of the whole matrix.
 */
export function transposeTile(
  batch: RowBatch,
  first: number,
  count: number,
  rowLength: number,
  tile: Float32Array,
): void {
  const { data, rows, columns, firstRow } = batch;
  for (let rowStart = 0; rowStart < rows; rowStart += SQUARE) {
    const rowEnd = Math.min(rows, rowStart + SQUARE);
    for (let columnStart = 0; columnStart < count; columnStart += SQUARE) {
      const columnEnd = Math.min(count, columnStart + SQUARE);
      for (let column = columnStart; column < columnEnd; column++) {
        let from = rowStart * columns + first + column;
        let to = column * rowLength + firstRow + rowStart;
        for (let row = rowStart; row < rowEnd; row++, from += columns, to++) tile[to] = data[from] ?? 0;
      }
    }
  }
}
