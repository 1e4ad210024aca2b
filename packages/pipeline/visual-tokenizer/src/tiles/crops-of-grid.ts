import type { ImageRegion, ImageSize } from '../resize/image-region.ts';
import type { TileGrid } from './tile-grid.ts';

/** The sub-images of a grid, row by row. Sides are rounded down; the last row and column take the rest. */
export function cropsOfGrid({ height, width }: ImageSize, { rows, columns }: TileGrid): ImageRegion[] {
  const rowHeight = Math.floor(height / rows);
  const columnWidth = Math.floor(width / columns);
  const crops: ImageRegion[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const top = row * rowHeight;
      const left = column * columnWidth;
      crops.push({
        top,
        left,
        height: row === rows - 1 ? height - top : rowHeight,
        width: column === columns - 1 ? width - left : columnWidth,
      });
    }
  }
  return crops;
}
