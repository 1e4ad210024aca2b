import { generationTraits, type ModelDescription, type RgbImage, runCooperatively, type Steps } from '@ovis/core';
import { checkImage } from './check-image.ts';
import { resolveImageOptions, type ImageOptions, type ResolvedImageOptions } from './image-options.ts';
import { prepareNative } from './native/prepare-native.ts';
import type { PreparedVisual } from './prepared-visual.ts';
import { prepareSingle } from './tiles/prepare-single.ts';
import { prepareTiles } from './tiles/prepare-tiles.ts';

/** Controls a running preparation. */
export type PrepareControl = {
  /** Ends the work within some milliseconds; the promise is then rejected with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Resizes, cuts, normalises and patches a picture exactly as the official code does for this model. Works in
 * slices of about 2 ms and leaves the event loop free in between.
 *
 * @param image - Decoded picture; must not change until the promise settles.
 * @throws ImageError when the picture's data is wrong, or it is too large or too thin for the model.
 * @throws InvalidArgumentError when an option is out of range.
 */
export async function prepareImage(
  image: RgbImage,
  model: ModelDescription,
  options: ImageOptions = {},
  { signal }: PrepareControl = {},
): Promise<PreparedVisual> {
  const resolved = resolveImageOptions(model, options);
  checkImage(image);
  return runCooperatively(steps(image, model, resolved), signal);
}

function steps(image: RgbImage, model: ModelDescription, options: ResolvedImageOptions): Steps<PreparedVisual> {
  const { preprocessing } = model;
  if (preprocessing.kind === 'native') return prepareNative('image', [image], model, preprocessing, options);
  return generationTraits[model.generation].views === 'single'
    ? prepareSingle(image, model, preprocessing)
    : prepareTiles(image, model, preprocessing, options);
}
