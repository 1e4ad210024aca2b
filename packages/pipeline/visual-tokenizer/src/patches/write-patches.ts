import type { RgbImage } from '@ovis/core';
import type { Steps } from '../steps/steps.ts';
import type { PatchGrid } from './patch-order.ts';

/** How pixels become patches. */
export type PatchTarget = {
  readonly grid: PatchGrid;
  /** Row of the patch at `y * grid.width + x`. */
  readonly order: Int32Array;
  /** `p` in pixels. */
  readonly patchSize: number;
  /** `[3, 256]`, see {@link normalisationTable}. */
  readonly table: Float32Array;
};

/**
 * Writes the normalised pixels of a picture into the patches of a view, one row of pixels per step.
 *
 * @param place - Where the picture's upper left corner lies in the view, in pixels. Pixels beyond the last whole
 *   patch are left out.
 * @param patches - `[P, C*p*p]`; the features of a patch are ordered channel, pixel row, pixel column.
 */
export function* writePatches(
  { height, width, data }: RgbImage,
  place: { readonly top: number; readonly left: number },
  { grid, order, patchSize, table }: PatchTarget,
  patches: Float32Array,
): Steps<void> {
  const plane = patchSize * patchSize;
  const rows = Math.min(height, grid.height * patchSize - place.top);
  const columns = Math.min(width, grid.width * patchSize - place.left);
  for (let row = 0; row < rows; row++) {
    const y = place.top + row;
    const gridRow = Math.floor(y / patchSize) * grid.width;
    const rowInPatch = (y % patchSize) * patchSize;
    let source = row * width * 3;
    for (let column = 0; column < columns; column++, source += 3) {
      const x = place.left + column;
      const patch = order[gridRow + Math.floor(x / patchSize)] ?? 0;
      const target = patch * 3 * plane + rowInPatch + (x % patchSize);
      patches[target] = table[data[source] ?? 0] ?? 0;
      patches[target + plane] = table[256 + (data[source + 1] ?? 0)] ?? 0;
      patches[target + 2 * plane] = table[512 + (data[source + 2] ?? 0)] ?? 0;
    }
    yield;
  }
}
