import type { RgbImage } from '@ovis/core';
import type { Steps } from '../steps/steps.ts';
import type { ImageRegion, ImageSize } from './image-region.ts';

/** Pillow's nearest neighbour (`ImagingScaleAffine` in `src/libImaging/Geometry.c`), one row per step. */
export function* nearestNeighbour(image: RgbImage, region: ImageRegion, { height, width }: ImageSize): Steps<RgbImage> {
  const rows = nearestIndices(region.height, height);
  const columns = nearestIndices(region.width, width);
  const source = image.data;
  const data = new Uint8Array(height * width * 3);
  let target = 0;
  for (const row of rows) {
    const start = ((region.top + row) * image.width + region.left) * 3;
    for (const column of columns) {
      const pixel = start + column * 3;
      data[target++] = source[pixel] ?? 0;
      data[target++] = source[pixel + 1] ?? 0;
      data[target++] = source[pixel + 2] ?? 0;
    }
    yield;
  }
  return { height, width, data };
}

/** Pillow adds up the positions, and its rounding errors with them. */
function nearestIndices(inputs: number, outputs: number): Int32Array {
  const scale = inputs / outputs;
  const indices = new Int32Array(outputs);
  for (let output = 0, position = scale * 0.5; output < outputs; output++, position += scale) {
    indices[output] = Math.min(Math.trunc(position), inputs - 1);
  }
  return indices;
}
