// What a file is, and how large it may be
export { imageFormat, type ImageFormat } from './image-format.ts';
export { assertEncodedSize, assertPixelSize } from './image-limits.ts';
export type { DecodeControl } from './decode-control.ts';

// Pixels as Pillow has them
export { decodeGif } from './decode-gif.ts';
export { decodePng } from './decode-png.ts';
export { cmykToRgb } from './cmyk-to-rgb.ts';
export { grey16ToRgb } from './grey16-to-rgb.ts';

// Work in pieces
export { inBands } from './in-bands.ts';
export { nextTask } from './next-task.ts';
