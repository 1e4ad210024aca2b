import { ImageError, InvalidArgumentError } from '@ovis/core';

/** Most pixels of a picture unless a caller says otherwise, as in Pillow. */
export const MAX_PIXELS = 178_956_970;

/** Bytes of an encoded picture. */
const LARGEST_FILE = 256 * 2 ** 20;

/** Pixels of a side; the limit of JPEG. */
const LONGEST_SIDE = 65_535;

/**
 * The limit of a decoder's options.
 *
 * @throws InvalidArgumentError when it is out of range.
 */
export function resolveMaxPixels(maxPixels: number = MAX_PIXELS): number {
  if (Number.isSafeInteger(maxPixels) && maxPixels >= 1 && maxPixels <= 1e9) return maxPixels;
  throw new InvalidArgumentError(`maxPixels is ${String(maxPixels)}; expected an integer from 1 to 1000000000.`);
}

/** @throws ImageError when there is nothing, or too much of it. */
export function assertEncodedSize(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new ImageError('The picture is empty: 0 bytes. Pass the bytes of an image file.');
  if (bytes.length > LARGEST_FILE) {
    throw new ImageError(
      `The picture has ${bytes.length} bytes; at most ${LARGEST_FILE} are read. Save a smaller one.`,
    );
  }
}

/** @throws ImageError when the picture would be larger than the limits, before its pixels are decoded. */
export function assertPixelSize(height: number, width: number, maxPixels: number): void {
  if (height < 1 || width < 1) throw new ImageError(`The picture is ${height} x ${width} pixels (height x width).`);
  if (height > LONGEST_SIDE || width > LONGEST_SIDE || height * width > maxPixels) {
    throw new ImageError(
      `The picture is ${height} x ${width} pixels (height x width); at most ${maxPixels} pixels in all and ${LONGEST_SIDE} ` +
        'per side are decoded. Make it smaller, or raise maxPixels of the decoder.',
      { details: { height, width, maxPixels } },
    );
  }
}
