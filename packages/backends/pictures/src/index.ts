// What a file is, and how large it may be
export { imageFormat, type ImageFormat } from './image-format.ts';
export { assertPixelSize, MAX_PIXELS, resolveMaxPixels } from './image-limits.ts';
export type { DecodeControl } from './decode-control.ts';

// Pixels as Pillow has them
export { decodeGif } from './decode-gif.ts';
export { decodePng } from './decode-png.ts';
export { cmykToRgb } from './cmyk-to-rgb.ts';
export { grey16ToRgb } from './grey16-to-rgb.ts';

// A decoder of all formats
export { damagedPicture } from './damaged-picture.ts';
export { pictureDecoder, type DecodeFormat } from './picture-decoder.ts';

// Work in pieces
export { inBands } from './in-bands.ts';
