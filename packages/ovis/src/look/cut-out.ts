import type { RgbImage } from '@ovis/core';
import type { Region } from './look-types.ts';

/** The pixels of a region, rounded to whole ones; white where it reaches beyond the picture. */
export function cutOut({ data, height, width }: RgbImage, region: Region): RgbImage {
  const [top, left] = [Math.round(region.top), Math.round(region.left)];
  const rows = Math.max(1, Math.round(region.top + region.height) - top);
  const columns = Math.max(1, Math.round(region.left + region.width) - left);
  const pixels = new Uint8Array(rows * columns * 3).fill(255);
  for (let row = 0; row < rows; row++) {
    const y = top + row;
    if (y < 0 || y >= height) continue;
    const from = Math.max(0, left);
    const to = Math.min(width, left + columns);
    if (from >= to) continue;
    pixels.set(data.subarray((y * width + from) * 3, (y * width + to) * 3), (row * columns + from - left) * 3);
  }
  return { height: rows, width: columns, data: pixels };
}
