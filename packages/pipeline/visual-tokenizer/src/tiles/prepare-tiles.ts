import type { ModelDescription, RgbImage, TiledPreprocessing } from '@ovis/core';
import type { ResolvedImageOptions } from '../image-options.ts';
import { normalisationTable } from '../patches/normalisation-table.ts';
import { rowMajorOrder } from '../patches/patch-order.ts';
import { writePatches } from '../patches/write-patches.ts';
import type { PreparedVisual } from '../prepared-visual.ts';
import { wholeImage } from '../resize/image-region.ts';
import { resizeSteps } from '../resize/resize-image.ts';
import type { Steps } from '../steps/steps.ts';
import { chooseGrid } from './choose-grid.ts';
import { cropsOfGrid } from './crops-of-grid.ts';
import { fitIntoSquare } from './fit-into-square.ts';

/**
 * Overview and sub-images of a picture, each fitted into a square and padded with zeros after normalisation,
 * as patches in row-major order.
 */
export function* prepareTiles(
  image: RgbImage,
  { vision: { patchSize } }: ModelDescription,
  preprocessing: TiledPreprocessing,
  { maxPartition }: ResolvedImageOptions,
): Steps<PreparedVisual> {
  const { side, filter, tokensPerView } = preprocessing;
  const tiles = chooseGrid(image, side, maxPartition);
  const crops = tiles.rows * tiles.columns === 1 ? [] : cropsOfGrid(image, tiles);
  const views = [wholeImage(image), ...crops].map((region) => ({ region, place: fitIntoSquare(region, side) }));
  // A side that is no multiple of the patch size (384 / 14) leaves pixels at the right and the bottom unseen.
  const patchesPerSide = Math.floor(side / patchSize);
  const grid = { height: patchesPerSide, width: patchesPerSide };
  const patchesPerView = patchesPerSide ** 2;
  const features = 3 * patchSize ** 2;
  const patches = new Float32Array(views.length * patchesPerView * features); // [views, P, C*p*p]
  const target = { grid, order: rowMajorOrder(grid), patchSize, table: normalisationTable(preprocessing) };
  for (const [index, { region, place }] of views.entries()) {
    const resized = yield* resizeSteps(image, region, place, filter);
    const view = patches.subarray(index * patchesPerView * features, (index + 1) * patchesPerView * features);
    yield* writePatches(resized, place, target, view);
  }
  return {
    item: { kind: 'image', tiles, tokensPerView, views: views.length },
    views: views.length,
    patchesPerView,
    patches,
    grid: { time: 1, ...grid },
  };
}
