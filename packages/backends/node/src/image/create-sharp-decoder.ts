import { ImageError, InvalidArgumentError, OvisError, type ImageDecoder } from '@ovis/core';
import { assertEncodedSize, decodeGif, imageFormat } from '@ovis/pictures';
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
  const { maxPixels = 178_956_970 } = options;
  if (!Number.isSafeInteger(maxPixels) || maxPixels < 1 || maxPixels > 1e9) {
    throw new InvalidArgumentError(`maxPixels is ${String(maxPixels)}; expected an integer from 1 to 1000000000.`);
  }
  const sharp = await loadSharp();
  return {
    decode: async (bytes, signal) => {
      signal?.throwIfAborted();
      assertEncodedSize(bytes);
      const format = imageFormat(bytes);
      try {
        const control = { maxPixels, signal };
        const image = await (format === 'gif'
          ? decodeGif(bytes, control)
          : decodeWithSharp(sharp, bytes, format, control));
        signal?.throwIfAborted();
        return image;
      } catch (error) {
        if (OvisError.isInstance(error) || signal?.aborted === true) throw error;
        throw new ImageError(
          `The ${format.toUpperCase()} picture is truncated or damaged: ${firstLine(error)}. Save it again.`,
          {
            cause: error,
          },
        );
      }
    },
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
