import type { ModelDescription } from '@ovis/core';
import {
  cropsOfGrid,
  fitIntoSquare,
  type ImageRegion,
  type ImageSize,
  type PreparedVisual,
} from '@ovis/visual-tokenizer';
import type { Region } from './look-types.ts';

/** Where the token grid of every view lies on the picture, in the order of the views. */
export function viewRegions(image: ImageSize, prepared: PreparedVisual, model: ModelDescription): readonly Region[] {
  const { preprocessing, vision } = model;
  const whole = { top: 0, left: 0, height: image.height, width: image.width };
  if (preprocessing.kind === 'native') return [whole];
  const { mergeStride, patchSize } = vision;
  // Merged tokens cover whole blocks of patches; where the grid was padded they reach beyond the view.
  const cells = Math.ceil(prepared.grid.width / mergeStride) * mergeStride * patchSize;
  const { tiles = { rows: 1, columns: 1 } } = prepared.item;
  const crops = tiles.rows * tiles.columns === 1 ? [] : cropsOfGrid(image, tiles);
  return [whole, ...crops].map((crop) => squareOf(crop, preprocessing.side, cells));
}

/** The square of `cells` pixels into which a crop was fitted, on the picture. */
function squareOf(crop: ImageRegion, side: number, cells: number): Region {
  const place = fitIntoSquare(crop, side);
  const perColumn = crop.width / place.width;
  const perRow = crop.height / place.height;
  return {
    top: crop.top - place.top * perRow,
    left: crop.left - place.left * perColumn,
    height: cells * perRow,
    width: cells * perColumn,
  };
}
