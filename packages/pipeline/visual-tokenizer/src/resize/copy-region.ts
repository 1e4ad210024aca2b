import type { RgbImage, Steps } from '@ovis/core';
import type { ImageRegion } from './image-region.ts';

/** A region as a picture of its own. */
export function* copyRegion(image: RgbImage, { top, left, height, width }: ImageRegion): Steps<RgbImage> {
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(start, start + width * 3), y * width * 3);
    yield;
  }
  return { height, width, data };
}
