import type { RgbImage } from '@ovis/core';
import { colourTable } from './colour-table.ts';
import { damagedPicture } from './damaged-picture.ts';
import { decodeGifIndices } from './decode-gif-indices.ts';
import type { DecodeControl } from './decode-control.ts';
import { assertPixelSize } from './image-limits.ts';
import { inBands } from './in-bands.ts';

/**
 * The first frame of a GIF as Pillow shows it in RGB. Not through sharp, which forgets the colour behind
 * transparent pixels: here they keep the palette's, and so does the canvas around a smaller frame.
 *
 * @throws ImageError when the file is truncated or damaged.
 */
export async function decodeGif(bytes: Uint8Array, { maxPixels, signal }: DecodeControl): Promise<RgbImage> {
  const reader = new GifReader(bytes);
  reader.skip(6);
  const screen = { width: reader.word(), height: reader.word() };
  const packed = reader.byte();
  reader.skip(2);
  const globalPalette = packed & 0x80 ? reader.take(3 * 2 ** ((packed & 7) + 1)) : new Uint8Array(0);
  const transparent = reader.skipToFrame();

  const [left, top, frameWidth, frameHeight] = [reader.word(), reader.word(), reader.word(), reader.word()];
  const width = Math.max(screen.width, left + frameWidth);
  const height = Math.max(screen.height, top + frameHeight);
  assertPixelSize(height, width, maxPixels);
  if (frameWidth === 0 || frameHeight === 0) throw damagedPicture('GIF', 'its first frame has no pixels');
  const flags = reader.byte();
  const palette = flags & 0x80 ? reader.take(3 * 2 ** ((flags & 7) + 1)) : globalPalette;
  const codeBits = reader.byte();
  const indices = await decodeGifIndices(reader.blocks(), { codeBits, count: frameWidth * frameHeight, signal });

  // Every pixel of the canvas: what it shows of the frame, and around it the transparent colour or the first.
  const colours = colourTable(palette);
  const rowOf = flags & 0x40 ? interlacedOrder(frameHeight) : null;
  const data = new Uint8Array(height * width * 3);
  const paint = (start: number, end: number) => {
    for (let pixel = start; pixel < end; pixel++) {
      const row = Math.floor(pixel / width) - top;
      const column = (pixel % width) - left;
      const inside = row >= 0 && row < frameHeight && column >= 0 && column < frameWidth;
      const stored = rowOf === null ? row : (rowOf[row] ?? 0);
      const index = inside ? (indices[stored * frameWidth + column] ?? 0) : (transparent ?? 0);
      for (let channel = 0; channel < 3; channel++) data[pixel * 3 + channel] = colours[index * 3 + channel] ?? 0;
    }
  };
  await inBands(height * width, paint, signal);
  return { height, width, data };
}

/** Where an interlaced frame stores each row: every eighth, those between, and so on. */
function interlacedOrder(height: number): Uint16Array {
  const order = new Uint16Array(height);
  let stored = 0;
  for (const [start, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const) {
    for (let row = start; row < height; row += step) order[row] = stored++;
  }
  return order;
}

/** Reads the pieces of a GIF and refuses to read past its end. */
class GifReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    if (taken.length < count) throw damagedPicture('GIF', 'it ends too early');
    this.#at += count;
    return taken;
  }

  skip(count: number): void {
    this.take(count);
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  word(): number {
    return this.byte() + this.byte() * 256;
  }

  /** Everything before the first frame; gives the transparent colour, if one is set. */
  skipToFrame(): number | null {
    let transparent: number | null = null;
    for (;;) {
      const kind = this.byte();
      if (kind === 0x2c) return transparent;
      if (kind === 0x3b) throw damagedPicture('GIF', 'it has no frame');
      if (kind !== 0x21) continue; // Pillow also looks on for the next known block.
      const label = this.byte();
      for (const block of this.blocks()) {
        if (label === 0xf9 && block.length >= 4) transparent = (block[0] ?? 0) & 1 ? (block[3] ?? 0) : null;
      }
    }
  }

  /** Data in blocks of up to 255 bytes, up to the empty one. */
  *blocks(): Generator<Uint8Array, void> {
    for (let length = this.byte(); length > 0; length = this.byte()) yield this.take(length);
  }
}
