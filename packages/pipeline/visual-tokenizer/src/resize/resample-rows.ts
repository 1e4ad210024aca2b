import type { RgbImage, Steps } from '@ovis/core';
import { clampToByte } from './clamp-to-byte.ts';
import type { ImageRegion } from './image-region.ts';
import { WEIGHT_BITS, type ResamplingWeights } from './resampling-weights.ts';

/** Multiply-adds in a step, about half a millisecond. */
const WORK_PER_STEP = 200_000;

/** The horizontal pass: every row of the region becomes `width` pixels wide. */
export function* resampleRows(
  image: RgbImage,
  region: ImageRegion,
  width: number,
  { first, count, stride, weights }: ResamplingWeights,
): Steps<RgbImage> {
  const source = image.data;
  const { height } = region;
  const data = new Uint8Array(height * width * 3);
  let target = 0;
  let work = 0;
  for (let y = 0; y < height; y++) {
    const row = ((region.top + y) * image.width + region.left) * 3;
    for (let x = 0; x < width; x++) {
      let pixel = row + (first[x] ?? 0) * 3;
      const start = x * stride;
      const end = start + (count[x] ?? 0);
      let red = 1 << (WEIGHT_BITS - 1);
      let green = red;
      let blue = red;
      for (let i = start; i < end; i++) {
        const weight = weights[i] ?? 0;
        red = (red + Math.imul(source[pixel] ?? 0, weight)) | 0;
        green = (green + Math.imul(source[pixel + 1] ?? 0, weight)) | 0;
        blue = (blue + Math.imul(source[pixel + 2] ?? 0, weight)) | 0;
        pixel += 3;
      }
      data[target] = clampToByte(red >> WEIGHT_BITS);
      data[target + 1] = clampToByte(green >> WEIGHT_BITS);
      data[target + 2] = clampToByte(blue >> WEIGHT_BITS);
      target += 3;
      work += 3 * (end - start) + 10;
      if (work >= WORK_PER_STEP) {
        work = 0;
        yield;
      }
    }
  }
  return { height, width, data };
}
