import { checkInteger } from '../check-integer.ts';
import { checkSize, type ImageSize } from '../resize/image-region.ts';
import { cropsOfGrid } from './crops-of-grid.ts';
import type { TileGrid } from './tile-grid.ts';

/** Bound of `maxPartition`: official evaluations go up to 12. */
export const LARGEST_PARTITION = 128;

/** Grids that show more than this part of the picture are good enough; then the smallest of them is taken. */
const COVERING_THRESHOLD = 0.9;

/**
 * The grid of sub-images for a picture, as the official code chooses it (`_get_best_grid` in
 * `base_visual_tokenizer.py`): the smallest grid that shows more than 90 % of the pixels, or else the one that
 * shows most. Many grids show equally much, so the choice hangs on the last bit of the sums: doubles, added
 * plainly from left to right.
 *
 * @param size - Height and width of the picture in pixels.
 * @param side - Side of a sub-image in pixels.
 * @param maxPartition - Most sub-images, an integer in [1, 128].
 * @throws InvalidArgumentError when a number is out of range.
 */
export function chooseGrid(size: ImageSize, side: number, maxPartition: number): TileGrid {
  checkSize('The picture', size);
  checkInteger('side', side, 1, 2 ** 24, 'Pass the side of a view of the model.');
  checkInteger('maxPartition', maxPartition, 1, LARGEST_PARTITION, 'Pass fewer sub-images.');
  let best: TileGrid & { readonly ratio: number } = { rows: 1, columns: 1, ratio: coveredRatio(size, side, 1, 1) };
  for (let rows = 1; rows <= maxPartition; rows++) {
    for (let columns = 1; rows * columns <= maxPartition; columns++) {
      const candidate = { rows, columns, ratio: coveredRatio(size, side, rows, columns) };
      if (isBetter(candidate, best)) best = candidate;
    }
  }
  return { rows: best.rows, columns: best.columns };
}

/** Among equals the first one stays. */
function isBetter(a: TileGrid & { readonly ratio: number }, b: TileGrid & { readonly ratio: number }): boolean {
  const good = a.ratio > COVERING_THRESHOLD;
  if (good !== b.ratio > COVERING_THRESHOLD) return good;
  const fewerTiles = b.rows * b.columns - a.rows * a.columns;
  const moreShown = a.ratio - b.ratio;
  return good
    ? fewerTiles > 0 || (fewerTiles === 0 && moreShown > 0)
    : moreShown > 0 || (moreShown === 0 && fewerTiles > 0);
}

/** Part of the picture's pixels that survive when every sub-image is shrunk to `side`. */
function coveredRatio(size: ImageSize, side: number, rows: number, columns: number): number {
  let covered = 0;
  for (const crop of cropsOfGrid(size, { rows, columns })) {
    const long = Math.max(crop.height, crop.width);
    const short = Math.min(crop.height, crop.width);
    covered += long > side ? side * ((short / long) * side) : long * short;
  }
  return covered / (size.width * size.height);
}
