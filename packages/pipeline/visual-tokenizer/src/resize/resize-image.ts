import { type ResizeFilter, type RgbImage, runSteps, type Steps } from '@ovis/core';
import { checkImage } from '../check-image.ts';
import { copyRegion } from './copy-region.ts';
import { checkSize, wholeImage, type ImageRegion, type ImageSize } from './image-region.ts';
import { kernelLayout } from './kernel-layout.ts';
import { nearestNeighbour } from './nearest-neighbour.ts';
import { resampleInKernel } from './resample-in-kernel.ts';
import { resampleInScript } from './resample-in-script.ts';
import { giveBackKernel, takeKernel } from './resample-kernel.ts';
import { resamplingKernels } from './resampling-kernels.ts';
import { axisWeights } from './resampling-weights.ts';

/** Bytes of the most memory that a resize takes in WebAssembly; what needs more is resized in JavaScript. */
const MAX_KERNEL_BYTES = 2 ** 26;

/**
 * Resizes a picture exactly as Pillow's `Image.resize` does, bit for bit: antialiased when shrinking, 8-bit
 * fixed-point arithmetic, rows first, rounded to bytes between the passes. In WebAssembly, or in JavaScript
 * where a page's policy forbids that. All at once; see `resizeSteps` for large pictures.
 *
 * @param size - Height and width of the result in pixels, both at least 1.
 * @throws ImageError when the picture's data does not fit its sides; InvalidArgumentError when `size` is no size.
 */
export function resizeImage(image: RgbImage, size: ImageSize, filter: ResizeFilter): RgbImage {
  checkImage(image);
  checkSize('The result', size);
  return runSteps(resizeSteps(image, wholeImage(image), size, filter));
}

/** {@link resizeImage} of a region, as if it had been cropped before, in steps. */
export function* resizeSteps(
  image: RgbImage,
  region: ImageRegion,
  { height, width }: ImageSize,
  filter: ResizeFilter,
): Steps<RgbImage> {
  if (region.height === height && region.width === width) return yield* copyRegion(image, region);
  if (filter === 'nearest') return yield* nearestNeighbour(image, region, { height, width });
  const horizontal = yield* axisWeights(region.width, width, resamplingKernels[filter]);
  const vertical = yield* axisWeights(region.height, height, resamplingKernels[filter]);
  const { bytes } = kernelLayout(region, horizontal, vertical);
  const kernel = bytes > MAX_KERNEL_BYTES ? null : takeKernel(bytes);
  if (kernel === null) return yield* resampleInScript(image, region, horizontal, vertical);
  const resized = yield* resampleInKernel(kernel, image, region, horizontal, vertical);
  giveBackKernel(kernel); // one that is left in the middle is left to the garbage collector
  return resized;
}
