import type { RgbImage, Steps } from '@ovis/core';
import type { ImageRegion, ImageSize } from './image-region.ts';

/** Pillow's nearest neighbour (`ImagingScaleAffine` in `src/libImaging/Geometry.c`), one row per step. */
export function* nearestNeighbour(image: RgbImage, region: ImageRegion, { height, width }: ImageSize): Steps<RgbImage> {
  const rows = nearestIndices(region.height, height);
  const columns = nearestIndices(region.width, width);
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    const start = ((region.top + (rows[y] ?? 0)) * image.width + region.left) * 3;
    copyPixels(image.data, start, columns, data, y * width * 3);
    yield;
  }
  return { height, width, data };
}

function copyPixels(source: Uint8Array, start: number, columns: Int32Array, data: Uint8Array, row: number): void {
  for (let x = 0, target = row; x < columns.length; x++, target += 3) {
    const pixel = start + (columns[x] ?? 0) * 3;
    data[target] = source[pixel] ?? 0;
    data[target + 1] = source[pixel + 1] ?? 0;
    data[target + 2] = source[pixel + 2] ?? 0;
  }
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
