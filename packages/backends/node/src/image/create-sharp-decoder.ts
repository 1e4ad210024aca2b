import type { ImageDecoder } from '@ovis/core';
import { decodeGif, pictureDecoder, resolveMaxPixels } from '@ovis/pictures';
import { decodeWithSharp } from './decode-with-sharp.ts';
import { loadSharp } from './load-sharp.ts';

/** How to decode pictures. */
export type SharpDecoderOptions = {
  /** Most pixels (height times width) of a picture, an integer from 1 to 1,000,000,000. Default: 178,956,970, as in Pillow. */
  readonly maxPixels?: number;
};

/**
 * A decoder of PNG, JPEG, WebP, GIF, TIFF and AVIF whose pixels are those of Pillow's `convert('RGB')`, as the
 * official code has them: alpha is dropped, palettes and grey are expanded, orientation tags and colour
 * profiles are ignored, of an animation the first frame counts. Only AVIF may differ by a few steps, where
 * another library turns its colours into RGB.
 *
 * @throws BackendUnavailableError when sharp is not installed.
 */
export async function createSharpDecoder(options: SharpDecoderOptions = {}): Promise<ImageDecoder> {
  const maxPixels = resolveMaxPixels(options.maxPixels);
  const sharp = await loadSharp();
  return pictureDecoder(maxPixels, (format, bytes, control) =>
    format === 'gif' ? decodeGif(bytes, control) : decodeWithSharp(sharp, bytes, format, control),
  );
}
