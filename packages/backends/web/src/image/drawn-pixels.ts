import { ImageError } from '@ovis/core';
import { assertPixelSize } from '@ovis/pictures';
import { foreignPicture } from './foreign-picture.ts';
import { rgbFromTiles } from './rgb-from-tiles.ts';

/** Pixels that are read at once: a few milliseconds, and far below what any canvas can hold. */
const TILE_PIXELS = 2 ** 19;
const TILE_WIDTH = 4096;

/** How a drawing is read. */
export type DrawnPixelsOptions = {
  readonly height: number;
  readonly width: number;
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
};

/**
 * RGB pixels of anything a canvas can draw, read tile by tile: no canvas gets too large, and the event loop has its
 * turns. Colours behind alpha come out as the drawing has them, which for most is black where alpha is 0.
 *
 * @returns `[height, width, 3]`.
 * @throws ImageError when there are too many pixels, the drawing belongs to another site, or the browser falsifies
 *   what is read from a canvas.
 */
export async function drawnPixels(
  drawing: CanvasImageSource,
  { height, width, maxPixels, signal }: DrawnPixelsOptions,
): Promise<Uint8Array> {
  assertPixelSize(height, width, maxPixels);
  const tileWidth = Math.min(width, TILE_WIDTH);
  const tileHeight = Math.min(height, Math.max(1, Math.floor(TILE_PIXELS / tileWidth)));
  const context = contextOf(tileWidth, tileHeight);
  return rgbFromTiles({ height, width, tileHeight, tileWidth, signal }, (top, left, rows, columns) => {
    context.clearRect(0, 0, columns, rows);
    context.drawImage(drawing, left, top, columns, rows, 0, 0, columns, rows);
    return pixelsOf(context, rows, columns);
  });
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const probe = openContext(64, 64);
  if (!readsBack(probe)) {
    throw new ImageError(
      'This browser changes the pixels that are read from a canvas, to keep sites from recognising it. ' +
        'Allow this site to read canvases, or pass PNG or GIF files, which need none.',
    );
  }
  return openContext(width, height);
}

function openContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  // Kept in memory: a canvas on a graphics card may round otherwise, and is slow to read.
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new ImageError('This browser gave no canvas to decode pictures with. Reload the page.');
  context.imageSmoothingEnabled = false;
  return context;
}

/** Whether pixels come back as they were put. */
function readsBack(context: OffscreenCanvasRenderingContext2D): boolean {
  const { width, height } = context.canvas;
  const put = new ImageData(width, height);
  put.data.forEach((_, at, data) => (data[at] = at % 4 === 3 ? 255 : (at * 167 + (at >> 7)) & 255));
  context.putImageData(put, 0, 0);
  const read = context.getImageData(0, 0, width, height).data;
  return put.data.every((value, at) => value === read[at]);
}

function pixelsOf(context: OffscreenCanvasRenderingContext2D, rows: number, columns: number): Uint8ClampedArray {
  try {
    return context.getImageData(0, 0, columns, rows).data;
  } catch (cause) {
    throw foreignPicture(cause);
  }
}
