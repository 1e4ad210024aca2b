import type { RgbImage } from '@ovis/core';

/** A picture of one grey. */
export function greyImage(height: number, width: number, value = 128): RgbImage {
  return { height, width, data: new Uint8Array(height * width * 3).fill(value) };
}
