import type { RgbImage, Steps } from '@ovis/core';
import type { ImageRegion } from './image-region.ts';
import { kernelLayout, type KernelLayout } from './kernel-layout.ts';
import type { ResampleKernel } from './resample-kernel.ts';
import type { ResamplingWeights } from './resampling-weights.ts';

/** Multiply-adds in a step, about a quarter of a millisecond. */
const WORK_PER_STEP = 2 ** 20;

/**
 * Both passes in WebAssembly. Rows are resampled as the vertical pass comes to need them and forgotten after it, so
 * the kernel's memory holds a band of the picture and not all of it.
 *
 * @param kernel - With at least the bytes of {@link kernelLayout}.
 */
export function* resampleInKernel(
  kernel: ResampleKernel,
  image: RgbImage,
  region: ImageRegion,
  horizontal: ResamplingWeights,
  vertical: ResamplingWeights,
): Steps<RgbImage> {
  const layout = kernelLayout(region, horizontal, vertical);
  const { rowBytes, stride, bandRows, windowRows } = layout;
  const memory = new Uint8Array(kernel.memory.buffer);
  writeWeights(kernel, layout, horizontal, vertical);
  const width = horizontal.first.length;
  const height = vertical.first.length;
  const data = new Uint8Array(height * rowBytes);
  let base = 0; // the row of the region that the window begins with
  let end = 0; // the first row that was not yet resampled
  let work = 0;
  for (let y = 0; y < height; y++) {
    const first = vertical.first[y] ?? 0;
    const count = vertical.count[y] ?? 0;
    while (end < first + count) {
      if (end - base + bandRows > windowRows) {
        const kept = layout.window + (first - base) * stride;
        memory.copyWithin(layout.window, kept, layout.window + (end - base) * stride);
        base = first;
      }
      const rows = Math.min(bandRows, region.height - end);
      copyRows(memory, layout.source, image, { ...region, top: region.top + end, height: rows });
      kernel.resampleRows(
        layout.source,
        region.width * 3,
        Math.ceil(rows / 4) * 4,
        layout.window + (end - base) * stride,
        stride,
        width,
        layout.first,
        layout.count,
        layout.weights,
        horizontal.stride * 4,
      );
      end += rows;
      work = 0;
      yield;
    }
    const weights = layout.verticalWeights + y * vertical.stride * 4;
    kernel.resampleColumns(layout.window + (first - base) * stride, stride, count, weights, layout.result, rowBytes);
    data.set(memory.subarray(layout.result, layout.result + rowBytes), y * rowBytes);
    work += count * rowBytes;
    if (work >= WORK_PER_STEP) {
      work = 0;
      yield;
    }
  }
  return { height, width, data };
}

function writeWeights(
  { memory: { buffer } }: ResampleKernel,
  layout: KernelLayout,
  horizontal: ResamplingWeights,
  vertical: ResamplingWeights,
): void {
  const words = new Int32Array(buffer);
  words.set(horizontal.first, layout.first / 4);
  words.set(horizontal.count, layout.count / 4);
  words.set(horizontal.weights, layout.weights / 4);
  words.set(vertical.weights, layout.verticalWeights / 4);
}

function copyRows(memory: Uint8Array, target: number, image: RgbImage, region: ImageRegion): void {
  const rowBytes = region.width * 3;
  const start = (region.top * image.width + region.left) * 3;
  if (region.width === image.width) {
    memory.set(image.data.subarray(start, start + region.height * rowBytes), target);
    return;
  }
  for (let y = 0; y < region.height; y++) {
    const from = start + y * image.width * 3;
    memory.set(image.data.subarray(from, from + rowBytes), target + y * rowBytes);
  }
}
