import { BackendUnavailableError, ImageError, InvalidArgumentError } from '@ovis/core';
import { expectClose, fixtureBytes } from '@ovis/testing';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fixtureHashes from '../../test/images/pillow-fixtures.json' with { type: 'json' };
import pillow from '../../test/images/pillow.json' with { type: 'json' };
import { createSharpDecoder } from './create-sharp-decoder.ts';
import { loadSharp } from './load-sharp.ts';

const decoder = await createSharpDecoder();

function picture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../test/images/${name}`, import.meta.url)));
}

const text = (content: string) => new TextEncoder().encode(content);

describe('createSharpDecoder', () => {
  test.each(Object.entries(pillow))('decodes %s to the pixels of Pillow', async (name, { height, width, rgb }) => {
    const image = await decoder.decode(picture(name));
    expect([image.height, image.width]).toEqual([height, width]);
    // Other libraries turn the colours of AVIF into RGB.
    expectClose(image.data, Buffer.from(rgb, 'base64'), name.endsWith('.avif') ? 4 : 0);
  });

  test.each(Object.entries(fixtureHashes))(
    'decodes %s to the pixels of Pillow',
    async (path, { height, width, sha256 }) => {
      const image = await decoder.decode(fixtureBytes(path));
      expect([image.height, image.width]).toEqual([height, width]);
      expect(createHash('sha256').update(image.data).digest('hex')).toBe(sha256);
    },
  );

  test('leaves the bytes as they were', async () => {
    const bytes = picture('rgb.png');
    await decoder.decode(bytes);
    expect(bytes).toEqual(picture('rgb.png'));
  });

  test.each([
    ['no bytes', new Uint8Array(), /empty/u],
    ['text', text('hello'), /no picture in a known format/u],
    ['a BMP, naming it', picture('rgb.bmp'), /a BMP.*Save it as PNG/u],
    ['an SVG, naming it', text('<?xml version="1.0"?><svg/>'), /an SVG/u],
    ['a PDF, naming it', text('%PDF-1.7'), /a PDF/u],
    ['a HEIC picture, naming it', text('\0\0\0 ftypheic\0\0\0\0'), /a HEIC/u],
    ['a TIFF in L*a*b*', picture('lab.tif'), /lab/u],
    ['only the signature of a PNG', picture('rgb.png').subarray(0, 8), /PNG picture is truncated or damaged/u],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(decoder.decode(bytes)).rejects.toThrow(ImageError);
    await expect(decoder.decode(bytes)).rejects.toThrow(message);
  });

  test.each([
    'rgb.png',
    'rgba16.png',
    'rgb.jpg',
    'progressive.jpg',
    'cmyk.jpg',
    'lossy.webp',
    'alpha.webp',
    'plain.gif',
    'lzw.tif',
    'grey16.tif',
    'rgb.avif',
  ])('refuses a truncated %s', async (name) => {
    const bytes = picture(name);
    for (const part of [0.3, 0.6, 0.8]) {
      await expect(decoder.decode(bytes.subarray(0, Math.floor(bytes.length * part)))).rejects.toThrow(ImageError);
    }
  });

  test('refuses a PNG with a changed byte', async () => {
    const bytes = picture('rgb.png');
    bytes[60] = (bytes[60] ?? 0) ^ 0xff;
    await expect(decoder.decode(bytes)).rejects.toThrow(ImageError);
  });

  test('refuses more pixels than it may decode, and sides beyond 65,535', async () => {
    const small = await createSharpDecoder({ maxPixels: 100 });
    for (const name of ['rgb.png', 'plain.gif', 'grey16.png', 'cmyk.jpg']) {
      await expect(small.decode(picture(name))).rejects.toThrow(/at most 100 pixels/u);
    }
    const wide = picture('plain.gif');
    new DataView(wide.buffer).setUint16(6, 65_535, true);
    new DataView(wide.buffer).setUint16(8, 65_535, true);
    await expect(decoder.decode(wide)).rejects.toThrow(/65535 x 65535 pixels/u);
  });

  test('stops when it is aborted', async () => {
    await expect(decoder.decode(picture('rgb.png'), AbortSignal.abort('enough'))).rejects.toBe('enough');
    const controller = new AbortController();
    const decoding = decoder.decode(picture('rgb.jpg'), controller.signal);
    controller.abort('late');
    await expect(decoding).rejects.toBe('late');
  });

  test.each([0, -1, 1.5, Number.NaN, 2e9])('refuses maxPixels of %d', async (maxPixels) => {
    await expect(createSharpDecoder({ maxPixels })).rejects.toThrow(InvalidArgumentError);
  });
});

describe('loadSharp', () => {
  test('names the command when sharp is missing', async () => {
    const missing = Object.assign(new Error("Cannot find package 'sharp'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const loading = loadSharp(() => Promise.reject(missing));
    await expect(loading).rejects.toThrow(BackendUnavailableError);
    await expect(loading).rejects.toThrow(/npm install sharp/u);
  });

  test('tells when it is there but does not load', async () => {
    await expect(loadSharp(() => Promise.reject(new Error('wrong libc')))).rejects.toThrow(/did not load.*wrong libc/u);
  });
});
