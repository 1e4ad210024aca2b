import { ImageError, type ModelDescription, type RgbImage, type Steps, type TiledPreprocessing } from '@ovis/core';
import type { PreparedVisual } from '../prepared-visual.ts';
import { wholeImage, type ImageSize } from '../resize/image-region.ts';
import { cropsOfGrid } from './crops-of-grid.ts';
import { prepareViews } from './prepare-views.ts';
import { VIEWS_OF_TWO_SCALES } from './views-together.ts';

/** Sides of a picture, in sides of a view, from which on a second scale that adapts is worth it. */
const LARGE_ENOUGH = 1.5;

/**
 * The whole picture as one square view; with a second scale (`hd_booster` of 1.5) followed by its quarters, row by row.
 * An adaptive second scale leaves small pictures without: their quarters are zeros.
 */
export function* prepareSingle(
  image: RgbImage,
  { vision }: ModelDescription,
  preprocessing: TiledPreprocessing,
): Steps<PreparedVisual> {
  const { tokensPerView } = preprocessing;
  const item = { kind: 'image', tokensPerView, views: 1 } as const;
  const secondScale = secondScaleOf(image, preprocessing);
  const quarters = secondScale === 'present' ? quartersOf(image) : [];
  const views = secondScale === 'none' ? 1 : VIEWS_OF_TWO_SCALES;
  const prepared = yield* prepareViews(image, [wholeImage(image), ...quarters], vision, preprocessing, views);
  return { item, secondScale, ...prepared };
}

function secondScaleOf(
  { height, width }: ImageSize,
  { secondScale = 'none', side }: TiledPreprocessing,
): PreparedVisual['secondScale'] {
  if (secondScale === 'none') return 'none';
  const isSmall = height < side * LARGE_ENOUGH || width < side * LARGE_ENOUGH;
  return secondScale === 'adaptive' && isSmall ? 'absent' : 'present';
}

/** Sides are rounded down; the quarters at the right and at the bottom take the rest. */
function quartersOf(image: RgbImage) {
  if (image.height < 2 || image.width < 2) {
    throw new ImageError(
      `A picture of ${image.height} x ${image.width} pixels has no quarters, which this model looks at. Pass a picture of at least 2 x 2 pixels.`,
      { details: { height: image.height, width: image.width } },
    );
  }
  return cropsOfGrid(image, { rows: 2, columns: 2 });
}
