import { ImageError, type RgbImage } from '@ovis/core';

/** Pixels of the largest picture that is taken: where Pillow, and with it the official code, refuses as well. */
export const MAX_IMAGE_PIXELS = 178_956_970;

/**
 * Checks a picture before its pixels are used.
 *
 * @param name - What to call it in messages, for instance `Frame 3`.
 * @throws ImageError when a side is no positive integer, the data does not fit the sides, or there are more than
 *   178,956,970 pixels.
 */
export function checkImage({ height, width, data }: RgbImage, name = 'The picture'): void {
  if (!Number.isSafeInteger(height) || !Number.isSafeInteger(width) || height < 1 || width < 1) {
    throw new ImageError(
      `${name} is ${height} pixels high and ${width} wide; both sides must be integers of at least 1. Pass the sides of the decoded pixels.`,
      { details: { height, width } },
    );
  }
  if (height * width > MAX_IMAGE_PIXELS) {
    throw new ImageError(
      `${name} has ${height} x ${width} pixels; at most ${MAX_IMAGE_PIXELS} are taken. Shrink it before.`,
      { details: { height, width, maximum: MAX_IMAGE_PIXELS } },
    );
  }
  const bytes = height * width * 3;
  if (data.length !== bytes || data.byteLength !== bytes) {
    throw new ImageError(
      `${name} of ${height} x ${width} pixels needs ${bytes} bytes of RGB data; got ${data.length}. Pass 3 bytes per pixel, rows from the top, without padding.`,
      { details: { height, width, expected: bytes, got: data.length } },
    );
  }
}
