import { nextTurn } from '@ovis/core';

/** A picture, and the largest tile that is read at once. Pixels. */
export type Tiling = {
  readonly height: number;
  readonly width: number;
  readonly tileHeight: number;
  readonly tileWidth: number;
  readonly signal?: AbortSignal | undefined;
};

/** RGBA pixels of the tile from row `top` and column `left` on, `[rows, columns, 4]`. */
export type ReadTile = (
  top: number,
  left: number,
  rows: number,
  columns: number,
) => Promise<ArrayLike<number>> | ArrayLike<number>;

/** RGB pixels `[height, width, 3]` of a picture that is read tile by tile; the event loop has its turns in between. */
export async function rgbFromTiles(
  { height, width, tileHeight, tileWidth, signal }: Tiling,
  readTile: ReadTile,
): Promise<Uint8Array> {
  const data = new Uint8Array(height * width * 3);
  for (let top = 0; top < height; top += tileHeight) {
    for (let left = 0; left < width; left += tileWidth) {
      if (top + left > 0) await nextTurn();
      signal?.throwIfAborted();
      const [rows, columns] = [Math.min(tileHeight, height - top), Math.min(tileWidth, width - left)];
      const tile = await readTile(top, left, rows, columns);
      for (let row = 0; row < rows; row++) {
        let to = ((top + row) * width + left) * 3;
        for (let from = row * columns * 4; from < (row + 1) * columns * 4; from += 4) {
          data[to++] = tile[from] ?? 0;
          data[to++] = tile[from + 1] ?? 0;
          data[to++] = tile[from + 2] ?? 0;
        }
      }
    }
  }
  return data;
}
