import type { RgbImage, Steps } from '@ovis/core';
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
  picture: RgbImage,
  place: { readonly top: number; readonly left: number },
  target: PatchTarget,
  patches: Float32Array,
): Steps<void> {
  const { grid, patchSize } = target;
  const rows = Math.min(picture.height, grid.height * patchSize - place.top);
  for (let row = 0; row < rows; row++) {
    writeRow(picture, row, place, target, patches);
    yield;
  }
}

/** One row of pixels, patch by patch. */
function writeRow(
  { width, data }: RgbImage,
  row: number,
  { top, left }: { readonly top: number; readonly left: number },
  { grid, order, patchSize, table }: PatchTarget,
  patches: Float32Array,
): void {
  const y = top + row;
  const plane = patchSize * patchSize;
  const gridRow = Math.floor(y / patchSize) * grid.width;
  const rowInPatch = (y % patchSize) * patchSize;
  const end = Math.min(left + width, grid.width * patchSize);
  let source = row * width * 3;
  for (let x = left; x < end; ) {
    const inPatch = x % patchSize;
    const count = Math.min(patchSize - inPatch, end - x);
    const patch = order[gridRow + (x - inPatch) / patchSize] ?? 0;
    const first = patch * 3 * plane + rowInPatch + inPatch;
    for (let channel = 0; channel < 3; channel++) {
      writeChannel(data, source + channel, count, table, channel * 256, patches, first + channel * plane);
    }
    x += count;
    source += count * 3;
  }
}

/** One channel of neighbouring pixels. Kept small and without objects: most of the time is spent here. */
function writeChannel(
  data: Uint8Array,
  source: number,
  count: number,
  table: Float32Array,
  tableStart: number,
  patches: Float32Array,
  target: number,
): void {
  for (let i = 0, from = source; i < count; i++, from += 3) {
    patches[target + i] = table[tableStart + (data[from] ?? 0)] ?? 0;
  }
}
