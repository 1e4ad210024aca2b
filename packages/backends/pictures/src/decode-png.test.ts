import { ImageError } from '@ovis/core';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import fixtureHashes from '../../node/test/images/pillow-fixtures.json' with { type: 'json' };
import pillow from '../../node/test/images/pillow.json' with { type: 'json' };
import { decodePng } from './decode-png.ts';
import { crc32 } from './png/crc32.ts';

const control = { maxPixels: 1e8, signal: undefined };
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, import.meta.url)));
const picture = (name: string) => read(`../../node/test/images/${name}`);

/** A PNG of its own: chunks by their letters. */
function png(...chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const signature = [137, 80, 78, 71, 13, 10, 26, 10];
  const bytes = [...chunks, ['IEND', new Uint8Array(0)] as const].flatMap(([type, data]) => {
    const body = [...new TextEncoder().encode(type), ...data];
    return [...word(data.length), ...body, ...word(crc32(Uint8Array.from(body)))];
  });
  return Uint8Array.from([...signature, ...bytes]);
}

function word(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}

function header(width: number, height: number, depth: number, colour: number, interlace = 0): [string, Uint8Array] {
  return ['IHDR', Uint8Array.of(...word(width), ...word(height), depth, colour, 0, 0, interlace)];
}

const data = (...rows: number[]): [string, Uint8Array] => ['IDAT', deflateSync(Uint8Array.from(rows))];

describe('decodePng', () => {
  test.each(Object.entries(pillow).filter(([name]) => name.endsWith('.png')))(
    'decodes %s to the pixels of Pillow',
    async (name, { height, width, rgb }) => {
      const image = await decodePng(picture(name), control);
      expect([image.height, image.width]).toEqual([height, width]);
      expect(Buffer.from(image.data).equals(Buffer.from(rgb, 'base64'))).toBe(true);
    },
  );

  test.each(Object.entries(fixtureHashes).filter(([path]) => path.endsWith('.png')))(
    'decodes %s to the pixels of Pillow',
    async (path, { height, width, sha256 }) => {
      const image = await decodePng(read(`../../../testing/fixtures/${path}`), control);
      expect([image.height, image.width]).toEqual([height, width]);
      expect(createHash('sha256').update(image.data).digest('hex')).toBe(sha256);
    },
  );

  test.each([
    ['interlaced', 3, { progressive: true }],
    ['interlaced with alpha', 4, { progressive: true }],
    ['with filters', 3, { adaptiveFiltering: true }],
    ['with a palette', 3, { palette: true, colours: 13 }],
    ['interlaced with a palette of two colours', 3, { palette: true, colours: 2, progressive: true }],
  ] as const)('decodes pictures of many sizes %s as libvips does', async (_, channels, options) => {
    for (const [width, height] of [
      [1, 1],
      [2, 9],
      [5, 3],
      [33, 17],
      [300, 70],
    ] as const) {
      const raw = Uint8Array.from({ length: width * height * channels }, (_unused, at) => (at * at * 7 + at / 5) % 251);
      const bytes = new Uint8Array(await sharp(raw, { raw: { width, height, channels } }).png(options).toBuffer());
      const expected = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer();
      const image = await decodePng(bytes, control);
      expect([image.height, image.width]).toEqual([height, width]);
      expect(expected.equals(image.data)).toBe(true);
    }
  });

  test('colours that the palette leaves out are greys', async () => {
    const image = await decodePng(png(header(2, 1, 8, 3), ['PLTE', Uint8Array.of(9, 8, 7)], data(0, 0, 200)), control);
    expect([...image.data]).toEqual([9, 8, 7, 200, 200, 200]);
  });

  test('what follows the last pixel is not read', async () => {
    const rest = Array.from({ length: 100_000 }, () => 1);
    expect([...(await decodePng(png(header(1, 1, 8, 0), data(0, 5, ...rest)), control)).data]).toEqual([5, 5, 5]);
  });

  test('data in several chunks, and chunks it does not know, are no trouble', async () => {
    const [, whole] = data(0, 1, 2);
    const parts: [string, Uint8Array][] = [...whole].map((byte) => ['IDAT', Uint8Array.of(byte)]);
    const image = await decodePng(png(header(2, 1, 8, 0), ['abCd', Uint8Array.of(1, 2)], ...parts), control);
    expect([...image.data]).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test.each([
    ['a header of another length', png(['IHDR', new Uint8Array(12)])],
    ['no header', png(data(0, 0))],
    ['a depth that its colours cannot have', png(header(1, 1, 4, 2), data(0, 0, 0))],
    ['an unknown filter', png(header(1, 1, 8, 0), data(5, 0))],
    ['a palette picture without palette', png(header(1, 1, 8, 3), data(0, 0))],
    ['too few rows', png(header(1, 3, 8, 0), data(0, 0, 0, 0))],
    ['no data', png(header(1, 1, 8, 0))],
    ['data that cannot be inflated', png(header(1, 1, 8, 0), ['IDAT', Uint8Array.of(1, 2, 3, 4)])],
    ['no pixels', png(header(0, 1, 8, 0), data(0))],
    ['2^32 - 1 pixels in a row', png(header(2 ** 32 - 1, 1, 8, 0), data(0))],
    ['a length beyond its end', png(header(1, 1, 8, 0)).with(8, 0x7f)],
    ['only the signature', picture('rgb.png').subarray(0, 8)],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodePng(bytes, control)).rejects.toBeInstanceOf(ImageError);
  });

  test('refuses every PNG that is cut off before its end or has a changed byte in what counts', async () => {
    for (const name of ['rgb.png', 'palette4.png', 'grey16.png']) {
      const bytes = picture(name);
      for (let length = 0; length < bytes.length - 12; length += 5) {
        await expect(decodePng(bytes.subarray(0, length), control)).rejects.toBeInstanceOf(ImageError);
      }
      for (const at of [17, 28, 45, bytes.length - 20]) {
        await expect(decodePng(bytes.with(at, (bytes[at] ?? 0) ^ 1), control)).rejects.toBeInstanceOf(ImageError);
      }
    }
  });

  test('stops when it is aborted', async () => {
    const signal = AbortSignal.abort('enough');
    await expect(decodePng(picture('rgb.png'), { ...control, signal })).rejects.toBe('enough');
  });
});
