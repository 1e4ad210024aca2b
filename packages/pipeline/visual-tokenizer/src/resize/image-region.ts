import type { RgbImage } from '@ovis/core';
import { MAX_IMAGE_PIXELS } from '../check-image.ts';
import { checkInteger } from '../check-integer.ts';

/** A rectangle of a picture, in pixels; lies inside the picture and has at least one pixel. */
export type ImageRegion = {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
};

/** Height and width in pixels. */
export type ImageSize = { readonly height: number; readonly width: number };

/** The region that is the whole picture. */
export function wholeImage(image: RgbImage): ImageRegion {
  return { top: 0, left: 0, height: image.height, width: image.width };
}

/**
 * Checks a size.
 *
 * @throws InvalidArgumentError when a side is no positive integer or longer than a whole picture may be.
 */
export function checkSize(name: string, { height, width }: ImageSize): void {
  checkInteger(`${name}: height`, height, 1, MAX_IMAGE_PIXELS, 'Pass pixels.');
  checkInteger(`${name}: width`, width, 1, MAX_IMAGE_PIXELS, 'Pass pixels.');
}
