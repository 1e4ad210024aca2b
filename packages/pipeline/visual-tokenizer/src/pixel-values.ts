import { float32Tensor, InvalidArgumentError, type ModelDescription, type Tensor } from '@ovis/core';
import type { PreparedVisual } from './prepared-visual.ts';

/**
 * The official code's `pixel_values` of a prepared picture, for comparison: `[N, 3, S, S]` for models with square
 * sub-images, the patches `[P, 768]` of all frames for native resolution.
 *
 * @throws InvalidArgumentError when the side is no multiple of the patch size: the patches then lack pixels.
 */
export function pixelValues(prepared: PreparedVisual, { vision, preprocessing }: ModelDescription): Tensor<'float32'> {
  const { patches, views, patchesPerView, grid } = prepared;
  const { patchSize } = vision;
  const features = 3 * patchSize ** 2;
  if (preprocessing.kind === 'native') return float32Tensor(patches, [views * patchesPerView, features]);
  const { side } = preprocessing;
  if (grid.width * patchSize !== side) {
    throw new InvalidArgumentError(
      `Patches of ${patchSize} pixels do not cover a side of ${side}, so pixel_values cannot be restored from them. Compare the patches instead.`,
    );
  }
  const data = new Float32Array(views * 3 * side * side); // [N, 3, S, S]
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
  return float32Tensor(data, [views, 3, side, side]);
}
