import type { RgbImage } from '@ovis/core';

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
