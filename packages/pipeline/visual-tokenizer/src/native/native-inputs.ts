import type { ModelDescription, NativePreprocessing, Steps } from '@ovis/core';
import { blockOrder, type PatchGrid } from '../patches/patch-order.ts';
import { resizePositions } from './position-table.ts';
import { rotaryTable, type RotaryTable } from './rotary-table.ts';

/** What a graph for native resolution needs to know about the places of its patches. */
export type NativeInputs = RotaryTable & {
  /** `[P, d]`. */
  readonly positions: Float32Array;
};

/**
 * Positions and rotary angles of every patch of a grid, in the order of merge blocks. Where the model has no
 * learned positions they are zeros; where it has no rotary embedding the angles are zero.
 *
 * @param learned - Learned position table `[positionGrid^2, d]`, or null.
 */
export function* nativeInputs(
  grid: PatchGrid,
  { vision }: ModelDescription,
  { positionGrid, rotaryHeadSize }: NativePreprocessing,
  learned: Float32Array | null,
): Steps<NativeInputs> {
  const order = blockOrder(grid, vision.mergeStride);
  const patches = grid.height * grid.width;
  const positions =
    learned === null || positionGrid === null
      ? new Float32Array(patches * vision.hiddenSize)
      : yield* resizePositions({ side: positionGrid, columns: vision.hiddenSize, data: learned }, grid, order);
  const angles = rotaryHeadSize === null ? unrotated(patches, vision) : yield* rotaryTable(grid, rotaryHeadSize, order);
  return { positions, ...angles };
}

function unrotated(patches: number, { hiddenSize, heads }: ModelDescription['vision']): RotaryTable {
  const size = patches * (hiddenSize / heads / 2);
  return { cosines: new Float32Array(size).fill(1), sines: new Float32Array(size) };
}
