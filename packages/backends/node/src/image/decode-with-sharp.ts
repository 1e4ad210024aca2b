import { ImageError, type RgbImage } from '@ovis/core';
import { assertPixelSize, cmykToRgb, grey16ToRgb, inBands, type DecodeControl, type ImageFormat } from '@ovis/pictures';
import type { Sharp } from './load-sharp.ts';

/** Colour spaces, in libvips' words, whose way to RGB is known to be Pillow's. */
const spaces: ReadonlySet<string> = new Set(['srgb', 'b-w', 'cmyk', 'rgb16', 'grey16']);

/** Where a PNG says what its channels are. */
const PNG_COLOUR_TYPE = 25;
/** Pillow reads this type as 8 bits where it has 16, unlike grey alone. */
const GREY_WITH_ALPHA = 4;

/** A picture of any format but GIF. What sharp turns into RGB otherwise than Pillow is taken raw and converted here. */
export async function decodeWithSharp(
  sharp: Sharp,
  bytes: Uint8Array,
  format: ImageFormat,
  { maxPixels, signal }: DecodeControl,
): Promise<RgbImage> {
  const open = (limitInputPixels: number | false) =>
    sharp(bytes, { autoOrient: false, ignoreIcc: true, failOn: 'error', limitInputPixels, pages: 1 });
  // The header first, without sharp's own limit: ours has the better message.
  const { height, width, space, depth, channels } = await open(false).metadata();
  assertPixelSize(height, width, maxPixels);
  if (!spaces.has(space) || !['uchar', 'ushort'].includes(depth)) {
    throw new ImageError(
      `The ${format.toUpperCase()} picture holds ${space} in ${depth}; only RGB, grey and CMYK of 8 or 16 bits are ` +
        'decoded. Save it as PNG.',
    );
  }
  const image = open(maxPixels);
  if (space === 'cmyk') {
    // Both: the first keeps the channels as they are while the picture is read, the second when it is given out.
    const raw = await pixelsOf(
      image.pipelineColourspace('cmyk').toColourspace('cmyk').raw(),
      height * width * channels,
    );
    const data = new Uint8Array(height * width * 3);
    const convert = (start: number, end: number) => {
      data.set(cmykToRgb(raw.subarray(start * channels, end * channels), channels), start * 3);
    };
    await inBands(height * width, convert, signal);
    return { height, width, data };
  }
  if (space === 'grey16' && !(format === 'png' && bytes[PNG_COLOUR_TYPE] === GREY_WITH_ALPHA)) {
    const raw = await pixelsOf(image.toColourspace('grey16').raw({ depth: 'ushort' }), height * width * channels * 2);
    const words = new Uint16Array(new Uint8Array(raw).buffer);
    const data = new Uint8Array(height * width * 3);
    const convert = (start: number, end: number) => {
      data.set(grey16ToRgb(words.subarray(start * channels, end * channels), channels), start * 3);
    };
    await inBands(height * width, convert, signal);
    return { height, width, data };
  }
  return { height, width, data: await pixelsOf(image.removeAlpha().toColourspace('srgb').raw(), height * width * 3) };
}

/** The raw pixels, as a plain array and no Buffer. */
async function pixelsOf(image: ReturnType<Sharp>, expected: number): Promise<Uint8Array> {
  const { buffer, byteOffset, length } = await image.toBuffer();
  if (length !== expected) {
    throw new ImageError(`The picture was decoded to ${length} bytes instead of ${expected}. Save it as PNG.`);
  }
  return new Uint8Array(buffer, byteOffset, length);
}
