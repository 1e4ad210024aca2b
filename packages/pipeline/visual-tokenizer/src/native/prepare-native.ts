import {
  ImageError,
  InvalidArgumentError,
  type ModelDescription,
  type NativePreprocessing,
  type RgbImage,
  type Steps,
} from '@ovis/core';
import type { ResolvedImageOptions } from '../image-options.ts';
import { normalisationTable } from '../patches/normalisation-table.ts';
import { blockOrder } from '../patches/patch-order.ts';
import { writePatches } from '../patches/write-patches.ts';
import type { PreparedVisual } from '../prepared-visual.ts';
import { wholeImage, type ImageSize } from '../resize/image-region.ts';
import { resizeSteps } from '../resize/resize-image.ts';
import { smartResize } from './smart-resize.ts';

/** Bytes of the patches of one item; a picture of 8192 x 8192 takes 805 MB. */
const MAX_PATCH_BYTES = 2 ** 30;

/**
 * Frames (one for a picture) at the size that {@link smartResize} gives for the first of them, as patches in
 * the order of merge blocks.
 *
 * @param frames - At least one.
 */
export function* prepareNative(
  kind: 'image' | 'video',
  frames: readonly [RgbImage, ...RgbImage[]],
  { vision: { patchSize, mergeStride } }: ModelDescription,
  preprocessing: NativePreprocessing,
  { minPixels, maxPixels }: ResolvedImageOptions,
): Steps<PreparedVisual> {
  checkTemporalPatchSize(preprocessing);
  const factor = patchSize * mergeStride;
  const size = smartResize(frames[0], { factor, minPixels, maxPixels });
  checkSize(frames[0], size, frames.length);
  const grid = { height: size.height / patchSize, width: size.width / patchSize };
  const patchesPerView = grid.height * grid.width;
  const features = 3 * patchSize ** 2;
  const patches = new Float32Array(frames.length * patchesPerView * features); // [views, P, C*p*p]
  const target = { grid, order: blockOrder(grid, mergeStride), patchSize, table: normalisationTable(preprocessing) };
  for (const [index, frame] of frames.entries()) {
    const resized = yield* resizeSteps(frame, wholeImage(frame), size, preprocessing.filter);
    const view = patches.subarray(index * patchesPerView * features, (index + 1) * patchesPerView * features);
    yield* writePatches(resized, { top: 0, left: 0 }, target, view);
  }
  return {
    item: { kind, tokensPerView: (frames.length * patchesPerView) / mergeStride ** 2, views: 1 },
    views: frames.length,
    patchesPerView,
    patches,
    uncovered: new Float32Array(0),
    secondScale: 'none',
    grid: { time: frames.length, ...grid },
  };
}

function checkTemporalPatchSize({ temporalPatchSize }: NativePreprocessing): void {
  if (temporalPatchSize === 1) return;
  throw new InvalidArgumentError(
    `Only models with one frame per patch are supported; this one has temporalPatchSize ${temporalPatchSize}. Use a released model.`,
  );
}

function checkSize(image: ImageSize, { height, width }: ImageSize, frames: number): void {
  if (height < 1 || width < 1) {
    throw new ImageError(
      `A picture of ${image.height} x ${image.width} pixels is too thin: within maxPixels its shorter side would vanish. Crop it or pad it, or raise maxPixels.`,
      { details: { height: image.height, width: image.width } },
    );
  }
  const bytes = frames * height * width * 3 * Float32Array.BYTES_PER_ELEMENT;
  if (bytes > MAX_PATCH_BYTES) {
    throw new ImageError(
      `${frames} x ${height} x ${width} pixels would take ${bytes} bytes of patches; at most ${MAX_PATCH_BYTES} are taken. Lower maxPixels or pass fewer frames.`,
      { details: { frames, height, width, bytes, maximum: MAX_PATCH_BYTES } },
    );
  }
}
