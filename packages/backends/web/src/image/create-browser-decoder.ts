import { ImageError, type ImageDecoder, type RgbImage } from '@ovis/core';
import {
  assertPixelSize,
  decodeGif,
  decodePng,
  pictureDecoder,
  resolveMaxPixels,
  type DecodeControl,
  type ImageFormat,
} from '@ovis/pictures';
import { avifFile } from './avif-file.ts';
import { drawnPixels } from './drawn-pixels.ts';
import type { EncodedPicture } from './encoded-picture.ts';
import { jpegFile } from './jpeg-file.ts';
import { storedColours } from './stored-colours.ts';
import { webpFile } from './webp-file.ts';

/** How to decode pictures. */
export type BrowserDecoderOptions = {
  /** Most pixels (height times width) of a picture, an integer from 1 to 1,000,000,000. Default: 178,956,970, as in Pillow. */
  readonly maxPixels?: number | undefined;
};

/**
 * A decoder of PNG, JPEG, WebP, GIF and AVIF for pages and workers whose pixels are those of Pillow's
 * `convert('RGB')`, as the official code has them: alpha is dropped, palettes and grey are expanded, orientation
 * tags and colour profiles are ignored, of an animation the first frame counts. PNG and GIF are exact in every
 * browser; the other formats are decoded by the browser, after everything that it would apply was taken out.
 *
 * @throws InvalidArgumentError when `maxPixels` is out of range.
 */
export function createBrowserDecoder(options: BrowserDecoderOptions = {}): ImageDecoder {
  return pictureDecoder(resolveMaxPixels(options.maxPixels), decodeFormat);
}

function decodeFormat(format: ImageFormat, bytes: Uint8Array, control: DecodeControl): Promise<RgbImage> {
  switch (format) {
    case 'png':
      return decodePng(bytes, control);
    case 'gif':
      return decodeGif(bytes, control);
    case 'jpeg':
      return decodeInBrowser(jpegFile(bytes), control);
    case 'webp':
      return decodeInBrowser(webpFile(bytes), control);
    case 'avif':
      return decodeInBrowser(avifFile(bytes), control);
    case 'tiff':
      throw new ImageError('TIFF pictures are not decoded in browsers. Save it as PNG, JPEG, WebP, GIF or AVIF.');
  }
}

async function decodeInBrowser(picture: EncodedPicture, { maxPixels, signal }: DecodeControl): Promise<RgbImage> {
  const { height, width, type, parts, alpha, canvas } = picture;
  assertPixelSize(height, width, maxPixels);
  if (canvas !== undefined) assertPixelSize(canvas.height, canvas.width, maxPixels);
  const blob = new Blob(
    parts.map((part) => new Uint8Array(part)),
    { type },
  );
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  try {
    if (bitmap.height !== height || bitmap.width !== width) {
      throw new ImageError(
        `The picture was decoded to ${bitmap.height} x ${bitmap.width} pixels; its file says ${height} x ${width}. Save it as PNG.`,
      );
    }
    const data = alpha
      ? await storedColours(bitmap, { height, width, signal })
      : await drawnPixels(bitmap, { height, width, maxPixels, signal });
    const frame = { height, width, data };
    return canvas === undefined ? frame : onCanvas(frame, canvas);
  } finally {
    bitmap.close();
  }
}

/** A frame in its place on black. */
function onCanvas(frame: RgbImage, { height, width, top, left }: NonNullable<EncodedPicture['canvas']>): RgbImage {
  const data = new Uint8Array(height * width * 3);
  for (let row = 0; row < frame.height; row++) {
    data.set(frame.data.subarray(row * frame.width * 3, (row + 1) * frame.width * 3), ((top + row) * width + left) * 3);
  }
  return { height, width, data };
}
