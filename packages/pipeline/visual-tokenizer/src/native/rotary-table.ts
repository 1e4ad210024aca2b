import type { Steps } from '@ovis/core';
import type { PatchGrid } from '../patches/patch-order.ts';

/** Base of the rotary frequencies in every released model. */
const BASE = 10_000;

/** Cosines and sines of the 2-D rotary embedding. */
export type RotaryTable = {
  /** `[P, h/2]`: first the angles of the patch's row, then those of its column. */
  readonly cosines: Float32Array;
  /** `[P, h/2]`. */
  readonly sines: Float32Array;
};

/**
 * Rotary angles of every patch of a view: `y * f` and `x * f` for the frequencies `f = 10000^(-4i/h)`,
 * `i` in [0, h/4). Rounded to float32 after every operation, like the reference.
 * One row of patches per step.
 *
 * @param headSize - `h`, a multiple of 4.
 * @param order - Row of the result for the patch at `y * width + x`, see {@link blockOrder}.
 */
export function* rotaryTable({ height, width }: PatchGrid, headSize: number, order: Int32Array): Steps<RotaryTable> {
  const half = headSize / 2;
  const frequencies = Float32Array.from(
    { length: half / 2 },
    (_, i) => 1 / Math.fround(BASE ** Math.fround((2 * i) / half)),
  );
  const rows = axisTable(height, frequencies);
  const columns = axisTable(width, frequencies);
  const cosines = new Float32Array(height * width * half); // [P, h/2]
  const sines = new Float32Array(height * width * half);
  for (let y = 0, patch = 0; y < height; y++) {
    for (let x = 0; x < width; x++, patch++) {
      const target = (order[patch] ?? 0) * half;
      cosines.set(rows.cosines[y] ?? [], target);
      cosines.set(columns.cosines[x] ?? [], target + half / 2);
      sines.set(rows.sines[y] ?? [], target);
      sines.set(columns.sines[x] ?? [], target + half / 2);
    }
    yield;
  }
  return { cosines, sines };
}

function axisTable(length: number, frequencies: Float32Array) {
  const angles = Array.from({ length }, (_, position) => frequencies.map((frequency) => position * frequency));
  return {
    cosines: angles.map((row) => row.map((angle) => Math.cos(angle))),
    sines: angles.map((row) => row.map((angle) => Math.sin(angle))),
  };
}
