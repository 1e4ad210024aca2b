import { generationTraits, InvalidArgumentError, type ModelDescription } from '@ovis/core';
import { checkInteger } from './check-integer.ts';
import { LARGEST_PARTITION } from './tiles/choose-grid.ts';

/** How one picture or video is prepared. Options of the other kind of model have no effect. */
export type ImageOptions = {
  /**
   * Most sub-images of a picture, besides the overview; 1 shows the model the whole picture only. Integer in
   * [1, 128]. Models with square sub-images. Default: the model's, usually 9; fewer are advised for several pictures.
   */
  readonly maxPartition?: number;
  /**
   * Smaller pictures are enlarged to about this many pixels. Positive integer, at most `maxPixels`. Models with
   * native resolution. Default: the model's, usually 448 * 448, but not more than `maxPixels`.
   */
  readonly minPixels?: number;
  /**
   * Larger pictures are shrunk to at most this many pixels. Integer from one block of patches (32 * 32) to
   * 8192 * 8192. Models with native resolution. Default: the model's, but not less than `minPixels`.
   */
  readonly maxPixels?: number;
};

/** Options with all defaults applied and checked. */
export type ResolvedImageOptions = Required<ImageOptions>;

const LARGEST_PIXELS = 8192 * 8192;
const DEFAULT = "Leave it out for the model's default.";

/**
 * Applies the model's defaults and checks the values.
 *
 * @throws InvalidArgumentError when a value is out of its range or `minPixels` exceeds `maxPixels`.
 */
export function resolveImageOptions(model: ModelDescription, options: ImageOptions = {}): ResolvedImageOptions {
  const { preprocessing, vision } = model;
  const native = preprocessing.kind === 'native';
  const block = (vision.patchSize * vision.mergeStride) ** 2;
  const hasTiles = !native && generationTraits[model.generation].views === 'tiles';
  const maxPartition = options.maxPartition ?? (hasTiles ? preprocessing.maxPartition : 1);
  checkInteger('maxPartition', maxPartition, 1, LARGEST_PARTITION, DEFAULT);
  if (options.minPixels !== undefined) checkInteger('minPixels', options.minPixels, 1, LARGEST_PIXELS, DEFAULT);
  if (options.maxPixels !== undefined) checkInteger('maxPixels', options.maxPixels, block, LARGEST_PIXELS, DEFAULT);
  if (!native)
    return { maxPartition, minPixels: options.minPixels ?? 1, maxPixels: options.maxPixels ?? LARGEST_PIXELS };
  const minPixels = options.minPixels ?? Math.min(preprocessing.minPixels, options.maxPixels ?? Infinity);
  const maxPixels = options.maxPixels ?? Math.max(preprocessing.maxPixels, minPixels);
  if (minPixels > maxPixels) {
    throw new InvalidArgumentError(
      `minPixels must not exceed maxPixels; got ${minPixels} and ${maxPixels}. Lower minPixels or raise maxPixels.`,
      { details: { minPixels, maxPixels } },
    );
  }
  return { maxPartition, minPixels, maxPixels };
}
