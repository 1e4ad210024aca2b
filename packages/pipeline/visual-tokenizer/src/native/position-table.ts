import type { Steps } from '@ovis/core';
import type { PatchGrid } from '../patches/patch-order.ts';

/** Kernel constant of PyTorch's bicubic interpolation; Pillow's is -0.5. */
const A = -0.75;

/** A learned position table: `side * side` rows of `columns` numbers, row by row of the map. */
export type PositionTable = { readonly side: number; readonly columns: number; readonly data: Float32Array };

/**
 * The learned position table at another size, as PyTorch's `interpolate(mode='bicubic', align_corners=False)`
 * without antialias makes it: four taps per axis, indices clamped to the table. One row of patches per step.
 *
 * @param order - Row of the result for the patch at `y * width + x`, see {@link blockOrder}.
 * @returns `[P, d]`, float32.
 */
export function* resizePositions(
  { side, columns, data }: PositionTable,
  { height, width }: PatchGrid,
  order: Int32Array,
): Steps<Float32Array> {
  const rows = Array.from({ length: height }, (_, y) => bicubicTaps(y, height, side));
  const cells = Array.from({ length: width }, (_, x) => bicubicTaps(x, width, side));
  const result = new Float32Array(height * width * columns); // [P, d]
  const line = new Float64Array(side * columns); // the table between its rows, before its columns are mixed
  for (const [y, taps] of rows.entries()) {
    line.fill(0);
    for (const { index, weight } of taps) addScaled(line, 0, data, index * line.length, line.length, weight);
    for (const [x, cellTaps] of cells.entries()) {
      const target = (order[y * width + x] ?? 0) * columns;
      writeMixed(result, target, line, columns, cellTaps);
    }
    yield;
  }
  return result;
}

/** An index into the table and its weight. */
type Tap = { readonly index: number; readonly weight: number };

function bicubicTaps(output: number, outputs: number, inputs: number): [Tap, Tap, Tap, Tap] {
  const position = (output + 0.5) * (inputs / outputs) - 0.5;
  const floor = Math.floor(position);
  const fraction = position - floor;
  const tap = (offset: number): Tap => ({
    index: Math.min(Math.max(floor + offset, 0), inputs - 1),
    weight: cubic(Math.abs(fraction - offset)),
  });
  return [tap(-1), tap(0), tap(1), tap(2)];
}

/** Cubic convolution at a distance in [0, 2]. */
function cubic(x: number): number {
  return x <= 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
}

function addScaled(
  sums: Float64Array,
  target: number,
  values: Float32Array,
  source: number,
  length: number,
  weight: number,
): void {
  if (weight === 0) return;
  for (let i = 0; i < length; i++) sums[target + i] = (sums[target + i] ?? 0) + (values[source + i] ?? 0) * weight;
}

function writeMixed(
  result: Float32Array,
  target: number,
  line: Float64Array,
  columns: number,
  [a, b, c, d]: readonly [Tap, Tap, Tap, Tap],
): void {
  const [fromA, fromB, fromC, fromD] = [a.index * columns, b.index * columns, c.index * columns, d.index * columns];
  for (let i = 0; i < columns; i++) {
    result[target + i] =
      (line[fromA + i] ?? 0) * a.weight +
      (line[fromB + i] ?? 0) * b.weight +
      (line[fromC + i] ?? 0) * c.weight +
      (line[fromD + i] ?? 0) * d.weight;
  }
}
