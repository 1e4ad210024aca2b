import type { RgbImage } from '@ovis/core';
import type { DecodeControl } from './decode-control.ts';
import { assertPixelSize } from './image-limits.ts';
import { rowPainter } from './png/paint-row.ts';
import { damagedPng, pngChunks } from './png/png-chunks.ts';
import { pngHeader, samplesOf, type PngHeader } from './png/png-header.ts';
import { pngPasses } from './png/png-passes.ts';
import { unfilterRow } from './png/unfilter-row.ts';

/**
 * A PNG of any kind as Pillow shows it in RGB. Not through a canvas: that multiplies colours by alpha and back,
 * applies profiles, and halves 16 bits in its own way. Inflating is left to the platform; nothing is held but
 * the picture and two rows, and what a file inflates to beyond its pixels is not read.
 *
 * @throws ImageError when the file is truncated or damaged.
 */
export async function decodePng(bytes: Uint8Array, { maxPixels, signal }: DecodeControl): Promise<RgbImage> {
  const { header, palette, compressed } = partsOf(bytes, maxPixels);
  const { height, width, depth, colour } = header;
  const data = new Uint8Array(height * width * 3);
  const paint = rowPainter(header, palette, data);
  const bitsPerPixel = samplesOf[colour] * depth;
  const distance = Math.max(1, bitsPerPixel / 8);
  const inflated = new InflatedBytes(compressed);
  try {
    for (const pass of pngPasses(height, width, header.interlaced)) {
      const length = Math.ceil((pass.width * bitsPerPixel) / 8);
      let above: Uint8Array = new Uint8Array(length);
      for (let row = 0; row < pass.height; row++) {
        if (inflated.waits(length + 1)) signal?.throwIfAborted();
        const stored = await inflated.take(length + 1);
        const samples = stored.subarray(1);
        unfilterRow(stored[0] ?? 0, samples, above, distance);
        paint(samples, pass, row);
        above = samples;
      }
    }
  } finally {
    await inflated.close();
  }
  return { height, width, data };
}

function partsOf(bytes: Uint8Array, maxPixels: number) {
  let header: PngHeader | undefined;
  let palette: Uint8Array = new Uint8Array(0);
  const compressed: Uint8Array<ArrayBuffer>[] = [];
  for (const { type, data } of pngChunks(bytes)) {
    if (header === undefined) {
      if (type !== 'IHDR') throw damagedPng('it does not begin with its header');
      header = pngHeader(data);
      assertPixelSize(header.height, header.width, maxPixels);
    } else if (type === 'PLTE') palette = data;
    else if (type === 'IDAT') compressed.push(new Uint8Array(data));
  }
  if (header === undefined) throw damagedPng('it has no header');
  if (header.colour === 'palette' && palette.length === 0) throw damagedPng('it has no palette');
  return { header, palette, compressed };
}

/** Takes pieces of any length from what the platform inflates. */
class InflatedBytes {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(compressed: readonly Uint8Array<ArrayBuffer>[]) {
    this.#reader = new Blob([...compressed]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  }

  /** Whether the next `count` bytes are not here yet. */
  waits(count: number): boolean {
    return this.#chunk.length < count;
  }

  async take(count: number): Promise<Uint8Array> {
    if (this.#chunk.length >= count) return this.#cut(count);
    const taken = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      if (this.#chunk.length === 0) this.#chunk = await this.#next();
      const part = this.#cut(Math.min(count - done, this.#chunk.length));
      taken.set(part, done);
      done += part.length;
    }
    return taken;
  }

  /** Stops inflating. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  #cut(count: number): Uint8Array {
    const part = this.#chunk.subarray(0, count);
    this.#chunk = this.#chunk.subarray(count);
    return part;
  }

  async #next(): Promise<Uint8Array> {
    try {
      const { done, value } = await this.#reader.read();
      if (!done) return value;
    } catch (cause) {
      throw damagedPng('its data cannot be inflated', cause);
    }
    throw damagedPng('its data ends before its last pixel');
  }
}
