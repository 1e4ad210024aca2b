import type { RgbImage, Steps } from '@ovis/core';
import { wholeImage, type ImageRegion } from './image-region.ts';
import { resampleColumns } from './resample-columns.ts';
import { resampleRows } from './resample-rows.ts';
import type { ResamplingWeights } from './resampling-weights.ts';

/** Both passes in JavaScript, the rows of the region first. */
export function* resampleInScript(
  image: RgbImage,
  region: ImageRegion,
  horizontal: ResamplingWeights,
  vertical: ResamplingWeights,
): Steps<RgbImage> {
  const rows = yield* resampleRows(image, region, horizontal.first.length, horizontal);
  return yield* resampleColumns(rows, wholeImage(rows), vertical.first.length, vertical);
}
