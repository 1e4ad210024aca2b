import { checkInteger } from '../check-integer.ts';
import { checkSize, type ImageSize } from '../resize/image-region.ts';
import { roundHalfToEven } from './round-half-to-even.ts';

/** Longer pictures are squeezed to this ratio of the sides. */
const MAX_ASPECT_RATIO = 200;

/** Bounds for {@link smartResize}. */
export type SmartResizeBounds = {
  /** Both sides become multiples of this many pixels. */
  readonly factor: number;
  /** Bounds of the area in pixels. */
  readonly minPixels: number;
  readonly maxPixels: number;
};

/**
 * The size at which a model with native resolution sees a picture, as the official code computes it
 * (`smart_resize` in `modeling_ovis.py`): multiples of `factor`, the area between the bounds, the aspect ratio
 * kept where possible. Rounds half to even, like Python. As there, a side becomes 0 when the picture is very
 * long and `maxPixels` small; the caller must refuse that.
 *
 * @throws InvalidArgumentError when a number is no positive integer.
 */
export function smartResize(size: ImageSize, { factor, minPixels, maxPixels }: SmartResizeBounds): ImageSize {
  checkSize('The picture', size);
  checkInteger('factor', factor, 1, 2 ** 16, 'Pass patch size times merge stride.');
  checkInteger('minPixels', minPixels, 1, Number.MAX_SAFE_INTEGER, 'Pass pixels.');
  checkInteger('maxPixels', maxPixels, 1, Number.MAX_SAFE_INTEGER, 'Pass pixels.');
  const { height, width } = withBoundedSides(size, factor);
  const rounded = {
    height: roundHalfToEven(height / factor) * factor,
    width: roundHalfToEven(width / factor) * factor,
  };
  const area = rounded.height * rounded.width;
  if (area > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    return {
      height: Math.floor(height / shrink / factor) * factor,
      width: Math.floor(width / shrink / factor) * factor,
    };
  }
  if (area >= minPixels) return rounded;
  const enlarge = Math.sqrt(minPixels / (height * width));
  return {
    height: Math.ceil((height * enlarge) / factor) * factor,
    width: Math.ceil((width * enlarge) / factor) * factor,
  };
}

/** At least `factor` on both sides; else a bounded aspect ratio. Never both, as in the official code. */
function withBoundedSides({ height, width }: ImageSize, factor: number): ImageSize {
  if (height < factor || width < factor) {
    return height < width
      ? { height: factor, width: roundHalfToEven((factor / height) * width) }
      : { height: roundHalfToEven((factor / width) * height), width: factor };
  }
  if (Math.max(height, width) / Math.min(height, width) <= MAX_ASPECT_RATIO) return { height, width };
  return height > width ? { height: width * MAX_ASPECT_RATIO, width } : { height, width: height * MAX_ASPECT_RATIO };
}
