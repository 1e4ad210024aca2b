import type { ResizeFilter, RgbImage } from '@ovis/core';
import { checkImage } from '../check-image.ts';
import { runSteps, type Steps } from '../steps/steps.ts';
import { copyRegion } from './copy-region.ts';
import { checkSize, wholeImage, type ImageRegion, type ImageSize } from './image-region.ts';
import { nearestNeighbour } from './nearest-neighbour.ts';
import { resampleColumns } from './resample-columns.ts';
import { resampleRows } from './resample-rows.ts';
import { resamplingKernels } from './resampling-kernels.ts';
import { resamplingWeights } from './resampling-weights.ts';

/**
 * Resizes a picture exactly as Pillow's `Image.resize` does, bit for bit: antialiased when shrinking, 8-bit
 * fixed-point arithmetic, rows first, rounded to bytes between the passes. All at once; see
 * `resizeSteps` for large pictures.
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
  const kernel = resamplingKernels[filter];
  let picture = image;
  let part = region;
  if (region.width !== width) {
    picture = yield* resampleRows(image, region, width, resamplingWeights(region.width, width, kernel));
    part = wholeImage(picture);
  }
  if (region.height === height) return picture;
  return yield* resampleColumns(picture, part, height, resamplingWeights(region.height, height, kernel));
}
