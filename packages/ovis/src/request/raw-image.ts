import { ImageError, type RawImage, type RgbImage } from '@ovis/core';

/** Largest side of a picture in pixels. */
const MAX_SIDE = 65_535;

/**
 * Pixels that are already decoded, as RGB. Grey is repeated, alpha is dropped, as the official code does.
 *
 * @throws ImageError when sizes, channels and data do not fit together.
 */
export function rgbOf({ height, width, channels, data }: RawImage): RgbImage {
  for (const [name, side] of Object.entries({ height, width })) {
    if (!Number.isInteger(side) || side < 1 || side > MAX_SIDE) {
      throw new ImageError(
        `The ${name} of a raw picture is ${String(side)}; expected an integer from 1 to ${MAX_SIDE}.`,
      );
    }
  }
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new ImageError(`A raw picture has ${String(channels)} channels; expected 1 (grey), 3 (RGB) or 4 (RGBA).`);
  }
  const pixels = height * width;
  if (data.length !== pixels * channels) {
    throw new ImageError(
      `A raw picture of ${height} x ${width} pixels with ${channels} channels needs ${pixels * channels} bytes, got ${data.length}.`,
    );
  }
  if (channels === 3) return { height, width, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = data[from + (channels === 1 ? 0 : channel)] ?? 0;
    }
  }
  return { height, width, data: rgb };
}
