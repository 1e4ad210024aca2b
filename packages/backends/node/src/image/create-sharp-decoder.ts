import { ImageError, InvalidArgumentError, OvisError, type ImageDecoder, type RgbImage } from '@ovis/core';
import { cmykToRgb } from './cmyk-to-rgb.ts';
import { decodeGif } from './decode-gif.ts';
import { grey16ToRgb } from './grey16-to-rgb.ts';
import { imageFormat, type ImageFormat } from './image-format.ts';
import { assertEncodedSize, assertPixelSize, type ImageLimits } from './image-limits.ts';
import { loadSharp, type Sharp } from './load-sharp.ts';

/** How to decode pictures. */
export type SharpDecoderOptions = {
  /** Most pixels (height times width) of a picture, an integer from 1 to 1,000,000,000. Default: 178,956,970, as in Pillow. */
  readonly maxPixels?: number;
};

/**
 * A decoder of PNG, JPEG, WebP, GIF, TIFF and AVIF whose pixels are those of Pillow's `convert('RGB')`, as the
 * official code has them: alpha is dropped, palettes and grey are expanded, orientation tags and colour
 * profiles are ignored, of an animation the first frame counts. Only AVIF may differ by a few steps, where
 * another library turns its colours into RGB.
 *
 * @throws BackendUnavailableError when sharp is not installed.
 */
export async function createSharpDecoder(options: SharpDecoderOptions = {}): Promise<ImageDecoder> {
  const { maxPixels = 178_956_970 } = options;
  if (!Number.isSafeInteger(maxPixels) || maxPixels < 1 || maxPixels > 1e9) {
    throw new InvalidArgumentError(`maxPixels is ${String(maxPixels)}; expected an integer from 1 to 1000000000.`);
  }
  const limits = { maxPixels };
  const sharp = await loadSharp();
  return {
    decode: async (bytes, signal) => {
      signal?.throwIfAborted();
      assertEncodedSize(bytes);
      const format = imageFormat(bytes);
      try {
        const image = format === 'gif' ? decodeGif(bytes, limits) : await decode(sharp, bytes, format, limits);
        signal?.throwIfAborted();
        return image;
      } catch (error) {
        if (OvisError.isInstance(error) || signal?.aborted === true) throw error;
        throw new ImageError(
          `The ${format.toUpperCase()} picture is truncated or damaged: ${firstLine(error)}. Save it again.`,
          {
            cause: error,
          },
        );
      }
    },
  };
}

async function decode(sharp: Sharp, bytes: Uint8Array, format: ImageFormat, limits: ImageLimits): Promise<RgbImage> {
  const open = (limitInputPixels: number | false) =>
    sharp(bytes, { autoOrient: false, ignoreIcc: true, failOn: 'error', limitInputPixels, pages: 1 });
  // The header first, without sharp's own limit: ours has the better message.
  const { height, width, space, depth, channels } = await open(false).metadata();
  assertPixelSize(height, width, limits);
  if (format === 'tiff' && !(spaces.has(space) && ['uchar', 'ushort'].includes(depth))) {
    throw new ImageError(
      `The TIFF picture holds ${space} in ${depth}; only RGB, grey and CMYK of 8 or 16 bits are decoded. Save it as PNG.`,
    );
  }
  if (space === 'cmyk') {
    // Both: the first keeps the channels as they are while the picture is read, the second when it is given out.
    const raw = await pixels(open(limits.maxPixels).pipelineColourspace('cmyk').toColourspace('cmyk').raw());
    return rgbImage(height, width, cmykToRgb(raw));
  }
  if (space === 'grey16' && !(format === 'png' && bytes[PNG_COLOUR_TYPE] === GREY_WITH_ALPHA)) {
    const raw = await pixels(open(limits.maxPixels).toColourspace('grey16').raw({ depth: 'ushort' }));
    return rgbImage(height, width, grey16ToRgb(new Uint16Array(raw.slice().buffer), channels));
  }
  return rgbImage(height, width, await pixels(open(limits.maxPixels).removeAlpha().toColourspace('srgb').raw()));
}

/** Where a PNG says what its channels are. */
const PNG_COLOUR_TYPE = 25;
/** Pillow reads this type as 8 bits where it has 16, unlike grey alone. */
const GREY_WITH_ALPHA = 4;

const spaces: ReadonlySet<string> = new Set(['srgb', 'b-w', 'cmyk', 'rgb16', 'grey16']);

async function pixels(image: ReturnType<Sharp>): Promise<Uint8Array> {
  return image.toBuffer();
}

function rgbImage(height: number, width: number, data: Uint8Array): RgbImage {
  if (data.length !== height * width * 3) {
    throw new ImageError(
      `A picture of ${height} x ${width} pixels was decoded to ${data.length} bytes. Save it as PNG.`,
    );
  }
  return { height, width, data };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
