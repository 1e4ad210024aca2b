import { ImageError } from '@ovis/core';
import type { ImageRegion, ImageSize } from '../resize/image-region.ts';

/**
 * Where a picture goes in a square of `side` pixels: as large as possible, centred (rounded up and left). The
 * shorter side is rounded down, with the operations of the official code in its order.
 *
 * @throws ImageError when the picture is so thin that nothing of its shorter side would be left; the official
 *   code fails there, too.
 */
export function fitIntoSquare({ height, width }: ImageSize, side: number): ImageRegion {
  const fittedHeight = width > height ? Math.trunc((height / width) * side) : side;
  const fittedWidth = height > width ? Math.trunc((width / height) * side) : side;
  if (fittedHeight < 1 || fittedWidth < 1) {
    throw new ImageError(
      `A picture (or sub-image) of ${height} x ${width} pixels is too thin: shrunk to ${side} pixels, its shorter side would vanish. Crop it or pad it, so that its longer side is at most ${side} times the shorter one.`,
      { details: { height, width, side } },
    );
  }
  return {
    top: Math.floor((side - fittedHeight) / 2),
    left: Math.floor((side - fittedWidth) / 2),
    height: fittedHeight,
    width: fittedWidth,
  };
}
