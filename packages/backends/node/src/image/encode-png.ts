import type { RgbImage } from '@ovis/core';
import { loadSharp } from './load-sharp.ts';

/**
 * Pixels to the bytes of a PNG file.
 *
 * @throws BackendUnavailableError when sharp is not installed.
 */
export async function encodePng({ data, height, width }: RgbImage): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return sharp(data, { raw: { height, width, channels: 3 } })
    .png()
    .toBuffer();
}
