import {
  float32Tensor,
  type tiledVisualTokenizerContract,
  type TensorsFor,
  type twoScaleVisualTokenizerContract,
} from '@ovis/core';
import type { PreparedVisual } from '../prepared-visual.ts';
import type { ViewBatch } from './view-batches.ts';

/** Patches of a run, and what a second scale counts. */
export type ViewInputs =
  | TensorsFor<typeof tiledVisualTokenizerContract.inputs>
  | TensorsFor<typeof twoScaleVisualTokenizerContract.inputs>;

/**
 * Inputs of a run over a batch of views.
 *
 * @param together - Views that make up the same tokens.
 */
export function viewInputs(
  { patches, patchesPerView, views, secondScale }: PreparedVisual,
  { start, count }: ViewBatch,
  together: number,
): ViewInputs {
  const perView = patches.length / views;
  const data = patches.subarray(start * perView, (start + count) * perView);
  const features = perView / patchesPerView;
  if (together === 1) return { patches: float32Tensor(data, [count, patchesPerView, features]) };
  const pictures = count / together;
  const factor = new Float32Array(pictures).fill(secondScale === 'present' ? 1 : 0);
  return {
    patches: float32Tensor(data, [pictures, together, patchesPerView, features]),
    second_scale: float32Tensor(factor, [pictures]),
  };
}
