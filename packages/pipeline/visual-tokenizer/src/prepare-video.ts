import { InvalidArgumentError, type ModelDescription, type RgbImage, runCooperatively } from '@ovis/core';
import { checkImage } from './check-image.ts';
import { resolveImageOptions, type ImageOptions } from './image-options.ts';
import { prepareNative } from './native/prepare-native.ts';
import type { PrepareControl } from './prepare-image.ts';
import type { PreparedVisual } from './prepared-visual.ts';

/**
 * Prepares a video for a model with native resolution, see {@link prepareImage}. The first frame decides the
 * size of all.
 *
 * @param frames - Decoded frames in order, at least one; the official examples take 8, evenly spread.
 * @throws InvalidArgumentError when there are no frames, the model knows no videos, or an option is out of range.
 * @throws ImageError when a frame's data is wrong, or the frames are too many, too large or too thin.
 */
export async function prepareVideo(
  frames: readonly RgbImage[],
  model: ModelDescription,
  options: ImageOptions = {},
  { signal }: PrepareControl = {},
): Promise<PreparedVisual> {
  const resolved = resolveImageOptions(model, options);
  const { preprocessing } = model;
  if (preprocessing.kind !== 'native') {
    throw new InvalidArgumentError(
      `Ovis ${model.generation} takes no videos. Pass the frames as pictures with maxPartition 1, as the official examples do.`,
      { details: { generation: model.generation } },
    );
  }
  const [first, ...others] = frames;
  if (first === undefined)
    throw new InvalidArgumentError('A video needs at least one frame; got none. Pass its frames.');
  for (const [index, frame] of frames.entries()) checkImage(frame, `Frame ${index}`);
  return runCooperatively(prepareNative('video', [first, ...others], model, preprocessing, resolved), signal);
}
