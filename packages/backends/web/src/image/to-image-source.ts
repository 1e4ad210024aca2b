import type { ImageSource } from '@ovis/core';
import { MAX_PIXELS } from '@ovis/pictures';
import { drawnPixels } from './drawn-pixels.ts';
import type { TransferredImage } from './transferred-image.ts';

/** How a picture from the page is taken. */
export type ToImageSourceOptions = {
  /** Most pixels of a drawing, as for the decoder. Default: 178,956,970. */
  readonly maxPixels?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * The picture that a page has sent, as core takes it. Drawings are read and closed.
 *
 * @throws ImageError when a drawing has too many pixels.
 */
export async function toImageSource(
  image: TransferredImage,
  { maxPixels = MAX_PIXELS, signal }: ToImageSourceOptions = {},
): Promise<ImageSource> {
  switch (image.kind) {
    case 'source':
      return image.source;
    case 'url':
      return new URL(image.href);
    case 'drawing': {
      const { drawing } = image;
      try {
        const size = sizeOf(drawing);
        return { ...size, channels: 3, data: await drawnPixels(drawing, { ...size, maxPixels, signal }) };
      } finally {
        drawing.close();
      }
    }
  }
}

function sizeOf(drawing: ImageBitmap | VideoFrame) {
  if ('displayHeight' in drawing) return { height: drawing.displayHeight, width: drawing.displayWidth };
  return { height: drawing.height, width: drawing.width };
}
