import type { ModelDescription, RgbImage } from '@ovis/core';
import { checkImage } from './check-image.ts';
import { resolveImageOptions, type ImageOptions } from './image-options.ts';
import { prepareNative } from './native/prepare-native.ts';
import type { PreparedVisual } from './prepared-visual.ts';
import { runCooperatively } from './steps/run-cooperatively.ts';
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
  const { preprocessing } = model;
  const steps =
    preprocessing.kind === 'tiles'
      ? prepareTiles(image, model, preprocessing, resolved)
      : prepareNative('image', [image], model, preprocessing, resolved);
  return runCooperatively(steps, signal);
}
