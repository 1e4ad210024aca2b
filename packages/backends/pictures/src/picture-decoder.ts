import { OvisError, type ImageDecoder, type RgbImage } from '@ovis/core';
import { damagedPicture } from './damaged-picture.ts';
import type { DecodeControl } from './decode-control.ts';
import { imageFormat, type ImageFormat } from './image-format.ts';
import { assertEncodedSize } from './image-limits.ts';

/** Decodes a file of one format; may throw anything for a damaged one. */
export type DecodeFormat = (format: ImageFormat, bytes: Uint8Array, control: DecodeControl) => Promise<RgbImage>;

/** A decoder that finds out the format, and reports what goes wrong as an ImageError or as the signal's reason. */
export function pictureDecoder(maxPixels: number, decodeFormat: DecodeFormat): ImageDecoder {
  return {
    decode: async (bytes, signal) => {
      signal?.throwIfAborted();
      assertEncodedSize(bytes);
      const format = imageFormat(bytes);
      try {
        const image = await decodeFormat(format, bytes, { maxPixels, signal });
        signal?.throwIfAborted();
        return image;
      } catch (error) {
        if (OvisError.isInstance(error) || signal?.aborted === true) throw error;
        throw damagedPicture(format.toUpperCase(), firstLine(error), error);
      }
    },
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
