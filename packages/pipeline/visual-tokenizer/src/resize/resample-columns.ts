import type { RgbImage, Steps } from '@ovis/core';
import { clampToByte } from './clamp-to-byte.ts';
import type { ImageRegion } from './image-region.ts';
import { WEIGHT_BITS, type ResamplingWeights } from './resampling-weights.ts';

/** Multiply-adds in a step, about half a millisecond. */
const WORK_PER_STEP = 400_000;

/** The vertical pass: the region becomes `height` pixels high. Sums up whole rows, in the order of memory. */
export function* resampleColumns(
  image: RgbImage,
  region: ImageRegion,
  height: number,
  { first, count, stride, weights }: ResamplingWeights,
): Steps<RgbImage> {
  const source = image.data;
  const { width } = region;
  const data = new Uint8Array(height * width * 3);
  const sums = new Int32Array(width * 3);
  let work = 0;
  for (let y = 0; y < height; y++) {
    sums.fill(1 << (WEIGHT_BITS - 1));
    const rows = count[y] ?? 0;
    for (let i = 0; i < rows; i++) {
      addRow(sums, source, rowStart(image, region, (first[y] ?? 0) + i), weights[y * stride + i] ?? 0);
      work += sums.length;
      if (work >= WORK_PER_STEP) {
        work = 0;
        yield;
      }
    }
    writeRow(data, y * sums.length, sums);
  }
  return { height, width, data };
}

function rowStart(image: RgbImage, region: ImageRegion, y: number): number {
  return ((region.top + y) * image.width + region.left) * 3;
}

function addRow(sums: Int32Array, source: Uint8Array, start: number, weight: number): void {
  for (let i = 0; i < sums.length; i++) {
    sums[i] = ((sums[i] ?? 0) + Math.imul(source[start + i] ?? 0, weight)) | 0;
  }
}

function writeRow(data: Uint8Array, start: number, sums: Int32Array): void {
  for (let i = 0; i < sums.length; i++) data[start + i] = clampToByte((sums[i] ?? 0) >> WEIGHT_BITS);
}
