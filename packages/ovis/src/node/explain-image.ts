import { createSharpDecoder, encodePng } from '@ovis/backend-node';
import type { ImageSource } from '@ovis/core';
import { drawLook } from '../look/draw-look.ts';
import type { Look, LookOptions } from '../look/look-types.ts';
import type { Ovis } from '../ovis.ts';
import { readImage } from '../request/read-image.ts';
import { readPath } from './read-path.ts';

/** A picture as the model sees it, drawn. */
export type Explanation = {
  readonly look: Look;
  /** The picture, its entropy and its visual words side by side, as the bytes of a PNG file. */
  readonly png: Uint8Array;
  /** Entropy in nats at the dark and the bright end of the colours. */
  readonly entropyRange: readonly [least: number, most: number];
};

/**
 * Draws what the model sees in a picture.
 *
 * @throws ImageError, InvalidArgumentError, DisposedError, or `signal.reason`.
 */
export async function explainImage(ovis: Ovis, image: ImageSource, options: LookOptions = {}): Promise<Explanation> {
  const picture = await readImage(image, { images: await createSharpDecoder(), readPath }, options.signal);
  const look = await ovis.look({ ...picture, channels: 3 }, options);
  const { image: drawing, entropyRange } = drawLook(picture, look);
  return { look, entropyRange, png: await encodePng(drawing) };
}
