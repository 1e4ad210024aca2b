import { float32Tensor, type ModelDescription, type Tensor, type TiledPreprocessing } from '@ovis/core';
import { uncoveredIndex, uncoveredPixels } from './patches/write-uncovered.ts';
import type { PreparedVisual } from './prepared-visual.ts';

/**
 * The official code's `pixel_values` of a prepared picture, for comparison: `[N, 3, S, S]` for models with square views,
 * `[1, 15, S, S]` with a second scale (infinite where it is absent), the patches `[P, 768]` of all frames for native
 * resolution.
 */
export function pixelValues(prepared: PreparedVisual, { vision, preprocessing }: ModelDescription): Tensor<'float32'> {
  const { patches, views, patchesPerView, secondScale } = prepared;
  const { patchSize } = vision;
  if (preprocessing.kind === 'native') return float32Tensor(patches, [views * patchesPerView, 3 * patchSize ** 2]);
  const { side } = preprocessing;
  const data = new Float32Array(views * 3 * side * side); // [N, 3, S, S]
  placePatches(data, prepared, patchSize, side);
  placeUncovered(data, prepared, patchSize, preprocessing);
  if (secondScale === 'absent') data.fill(Infinity, 3 * side * side);
  return float32Tensor(data, secondScale === 'none' ? [views, 3, side, side] : [1, views * 3, side, side]);
}

function placePatches(
  data: Float32Array,
  { patches, views, patchesPerView, grid }: PreparedVisual,
  patchSize: number,
  side: number,
): void {
  let source = 0;
  for (let view = 0; view < views; view++) {
    for (let patch = 0; patch < patchesPerView; patch++) {
      const top = Math.floor(patch / grid.width) * patchSize;
      const left = (patch % grid.width) * patchSize;
      for (let line = 0; line < 3 * patchSize; line++, source += patchSize) {
        const channel = Math.floor(line / patchSize);
        const y = top + (line % patchSize);
        data.set(patches.subarray(source, source + patchSize), ((view * 3 + channel) * side + y) * side + left);
      }
    }
  }
}

function placeUncovered(
  data: Float32Array,
  { uncovered, views, grid }: PreparedVisual,
  patchSize: number,
  { side }: TiledPreprocessing,
): void {
  const square = { side, covered: grid.width * patchSize };
  const perPlane = uncoveredPixels(side, square.covered);
  for (let plane = 0; plane < views * 3; plane++) {
    for (let y = 0; y < side; y++) {
      const first = y < square.covered ? square.covered : 0;
      const source = plane * perPlane + uncoveredIndex(y, first, square);
      data.set(uncovered.subarray(source, source + side - first), (plane * side + y) * side + first);
    }
  }
}
