import type { ImageSource } from '@ovis/core';

/**
 * A picture on a page: everything that core takes (`URL`, `data:` URL, encoded bytes, `Blob`, `File`, pixels), what a
 * canvas can draw, and the picture that a canvas, a video or an `<img>` shows now.
 */
export type WebImageSource =
  | ImageSource
  | ImageBitmap
  | ImageData
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | HTMLVideoElement
  | VideoFrame;
