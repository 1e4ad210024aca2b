import type { ModelDescription, RgbImage, Steps, TiledPreprocessing } from '@ovis/core';
import type { ResolvedImageOptions } from '../image-options.ts';
import type { PreparedVisual } from '../prepared-visual.ts';
import { wholeImage } from '../resize/image-region.ts';
import { chooseGrid } from './choose-grid.ts';
import { cropsOfGrid } from './crops-of-grid.ts';
import { prepareViews } from './prepare-views.ts';

/** Overview and sub-images of a picture, each a square view. */
export function* prepareTiles(
  image: RgbImage,
  { vision }: ModelDescription,
  preprocessing: TiledPreprocessing,
  { maxPartition }: ResolvedImageOptions,
): Steps<PreparedVisual> {
  const { side, tokensPerView } = preprocessing;
  const tiles = chooseGrid(image, side, maxPartition);
  const crops = tiles.rows * tiles.columns === 1 ? [] : cropsOfGrid(image, tiles);
  const prepared = yield* prepareViews(image, [wholeImage(image), ...crops], vision, preprocessing);
  return { item: { kind: 'image', tiles, tokensPerView, views: prepared.views }, secondScale: 'none', ...prepared };
}
