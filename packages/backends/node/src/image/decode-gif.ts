import { ImageError, type RgbImage } from '@ovis/core';
import { decodeGifIndices } from './decode-gif-indices.ts';
import { assertPixelSize, type ImageLimits } from './image-limits.ts';

/**
 * The first frame of a GIF as Pillow shows it in RGB. Not through sharp, which forgets the colour behind
 * transparent pixels: here they keep the palette's, and so does the canvas around a smaller frame.
 *
 * @throws ImageError when the file is truncated or damaged.
 */
export function decodeGif(bytes: Uint8Array, limits: ImageLimits): RgbImage {
  const reader = new GifReader(bytes);
  reader.skip(6);
  const screen = { width: reader.word(), height: reader.word() };
  const packed = reader.byte();
  reader.skip(2);
  const globalPalette = packed & 0x80 ? reader.take(3 * 2 ** ((packed & 7) + 1)) : null;
  const transparent = reader.skipToFrame();

  const [left, top, frameWidth, frameHeight] = [reader.word(), reader.word(), reader.word(), reader.word()];
  const width = Math.max(screen.width, left + frameWidth);
  const height = Math.max(screen.height, top + frameHeight);
  assertPixelSize(height, width, limits);
  if (frameWidth === 0 || frameHeight === 0) throw damaged('its first frame has no pixels');
  const flags = reader.byte();
  const palette = flags & 0x80 ? reader.take(3 * 2 ** ((flags & 7) + 1)) : globalPalette;
  const codeBits = reader.byte();
  const indices = decodeGifIndices(reader.blocks(), codeBits, frameWidth * frameHeight);

  const colours = colourTable(palette);
  const data = new Uint8Array(height * width * 3);
  const background = colours.subarray((transparent ?? 0) * 3, (transparent ?? 0) * 3 + 3);
  if (frameWidth !== width || frameHeight !== height) {
    for (let pixel = 0; pixel < height * width; pixel++) data.set(background, pixel * 3);
  }
  const rows = flags & 0x40 ? interlacedRows(frameHeight) : [...Array(frameHeight).keys()];
  rows.forEach((row, order) => {
    const target = ((top + row) * width + left) * 3;
    for (let column = 0; column < frameWidth; column++) {
      const index = indices[order * frameWidth + column] ?? 0;
      data.set(colours.subarray(index * 3, index * 3 + 3), target + column * 3);
    }
  });
  return { height, width, data };
}

/** 256 colours; those that a palette leaves out, or all without a palette, are greys, as in Pillow. */
function colourTable(palette: Uint8Array | null): Uint8Array {
  const table = Uint8Array.from({ length: 768 }, (_, index) => Math.floor(index / 3));
  if (palette !== null) table.set(palette);
  return table;
}

/** Rows in the order in which an interlaced frame stores them. */
function interlacedRows(height: number): number[] {
  const passes = [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const;
  const rows: number[] = [];
  for (const [start, step] of passes) for (let row = start; row < height; row += step) rows.push(row);
  return rows;
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
    if (taken.length < count) throw damaged('it ends too early');
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
      if (kind === 0x3b) throw damaged('it has no frame');
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

function damaged(what: string): ImageError {
  return new ImageError(`The GIF picture is truncated or damaged: ${what}. Save it again.`);
}
