import type { RgbImage, Steps, TiledPreprocessing, VisionDescription } from '@ovis/core';
import { normalisationTable } from '../patches/normalisation-table.ts';
import { rowMajorOrder } from '../patches/patch-order.ts';
import { writePatches } from '../patches/write-patches.ts';
import { uncoveredPixels, writeUncovered } from '../patches/write-uncovered.ts';
import type { PreparedVisual } from '../prepared-visual.ts';
import type { ImageRegion } from '../resize/image-region.ts';
import { resizeSteps } from '../resize/resize-image.ts';
import { fitIntoSquare } from './fit-into-square.ts';

/** Views of a picture without what they mean. */
export type PreparedViews = Omit<PreparedVisual, 'item' | 'secondScale'>;

/**
 * Regions of a picture as square views: each fitted into the square and padded with zeros after normalisation, as
 * patches in row-major order.
 *
 * @param views - Views in total; those beyond the regions are zeros.
 */
export function* prepareViews(
  image: RgbImage,
  regions: readonly ImageRegion[],
  { patchSize }: VisionDescription,
  preprocessing: TiledPreprocessing,
  views: number = regions.length,
): Steps<PreparedViews> {
  const { side, filter } = preprocessing;
  const placed = regions.map((region) => ({ region, place: fitIntoSquare(region, side) }));
  const patchesPerSide = Math.floor(side / patchSize);
  const grid = { height: patchesPerSide, width: patchesPerSide };
  const patchesPerView = patchesPerSide ** 2;
  const perView = patchesPerView * 3 * patchSize ** 2;
  const restPerView = 3 * uncoveredPixels(side, patchesPerSide * patchSize);
  const patches = new Float32Array(views * perView); // [views, P, C*p*p]
  const uncovered = new Float32Array(views * restPerView); // [views, 3, S*S - covered]
  const table = normalisationTable(preprocessing);
  const target = { grid, order: rowMajorOrder(grid), patchSize, table };
  for (const [index, { region, place }] of placed.entries()) {
    const resized = yield* resizeSteps(image, region, place, filter);
    yield* writePatches(resized, place, target, patches.subarray(index * perView, (index + 1) * perView));
    const rest = uncovered.subarray(index * restPerView, (index + 1) * restPerView);
    writeUncovered(resized, place, { side, covered: patchesPerSide * patchSize, table }, rest);
  }
  return { views, patchesPerView, patches, uncovered, grid: { time: 1, ...grid } };
}
