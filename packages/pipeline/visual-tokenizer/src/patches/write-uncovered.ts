import type { RgbImage } from '@ovis/core';

/** Square views and what whole patches cover of them. */
export type CoveredSquare = {
  /** Pixels. */
  readonly side: number;
  /** Side of the square that whole patches cover, from the top left; at most `side`. */
  readonly covered: number;
  /** `[3, 256]`, see {@link normalisationTable}. */
  readonly table: Float32Array;
};

/** Pixels of a view that no whole patch covers: to the right of the patches, and below. */
export function uncoveredPixels(side: number, covered: number): number {
  return side ** 2 - covered ** 2;
}

/**
 * Index of an uncovered pixel: first those to the right of the patches row by row, then those below.
 *
 * @param x - At least `covered` where `y` is less.
 */
export function uncoveredIndex(y: number, x: number, { side, covered }: Omit<CoveredSquare, 'table'>): number {
  if (y < covered) return y * (side - covered) + x - covered;
  return covered * (side - covered) + (y - covered) * side + x;
}

/**
 * Keeps the normalised pixels that {@link writePatches} leaves out. The model never sees them, the official
 * `pixel_values` have them.
 *
 * @param place - Where the picture's upper left corner lies in the view.
 * @param uncovered - `[3, side * side - covered * covered]`.
 */
export function writeUncovered(
  { height, width, data }: RgbImage,
  place: { readonly top: number; readonly left: number },
  square: CoveredSquare,
  uncovered: Float32Array,
): void {
  const { covered, table } = square;
  const plane = uncovered.length / 3;
  for (let row = 0; row < height; row++) {
    const y = place.top + row;
    const first = y < covered ? Math.max(0, covered - place.left) : 0;
    for (let column = first; column < width; column++) {
      const target = uncoveredIndex(y, place.left + column, square);
      const source = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        uncovered[channel * plane + target] = table[channel * 256 + (data[source + channel] ?? 0)] ?? 0;
      }
    }
  }
}
