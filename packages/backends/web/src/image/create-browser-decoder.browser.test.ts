import { ImageError, InvalidArgumentError, type RgbImage } from '@ovis/core';
import { servedBytes } from '@ovis/testing/browser';
import { describe, expect, test } from 'vitest';
import fixtureHashes from '../../../node/test/images/pillow-fixtures.json' with { type: 'json' };
import nodePictures from '../../../node/test/images/pillow.json' with { type: 'json' };
import webPictures from '../../test/images/pillow.json' with { type: 'json' };
import { createBrowserDecoder } from './create-browser-decoder.ts';

const decoder = createBrowserDecoder();
const nodePicture = (name: string) => servedBytes(`packages/backends/node/test/images/${name}`);
const webPicture = (name: string) => servedBytes(`packages/backends/web/test/images/${name}`);
const text = (content: string) => new TextEncoder().encode(content);

type Expected = { readonly height: number; readonly width: number; readonly rgb: string };

/** Largest difference to pixels in base64; vitest's own comparison of long arrays is slow. */
function difference(image: RgbImage, { height, width, rgb }: Expected): number {
  expect([image.height, image.width]).toEqual([height, width]);
  const expected = Uint8Array.from(atob(rgb), (letter) => letter.codePointAt(0) ?? 0);
  expect(image.data.length).toBe(expected.length);
  return expected.reduce((most, value, at) => Math.max(most, Math.abs(value - (image.data[at] ?? -1000))), 0);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('createBrowserDecoder', () => {
  test.each(Object.entries(nodePictures).filter(([name]) => !name.endsWith('.tif')))(
    'decodes %s to the pixels of Pillow',
    async (name, expected) => {
      expect(difference(await decoder.decode(await nodePicture(name)), expected)).toBe(0);
    },
  );

  test.each(Object.entries(webPictures))(
    'decodes %s without what a browser would apply: alpha, orientation, profile',
    async (name, expected) => {
      expect(difference(await decoder.decode(await webPicture(name)), expected)).toBe(0);
    },
  );

  test.each(Object.entries(fixtureHashes))(
    'decodes %s to the pixels of Pillow',
    async (path, { height, width, sha256: hash }) => {
      const image = await decoder.decode(await servedBytes(`packages/testing/fixtures/${path}`));
      expect([image.height, image.width, await sha256(image.data)]).toEqual([height, width, hash]);
    },
  );

  test('leaves the bytes as they were', async () => {
    for (const name of ['alpha.avif', 'alpha-lossless.webp', 'profile.jpg']) {
      const bytes = await webPicture(name);
      const before = bytes.slice();
      await decoder.decode(bytes);
      expect(bytes).toEqual(before);
    }
  });

  test.each([
    ['no bytes', new Uint8Array(), /empty/u],
    ['text', text('hello'), /no picture in a known format/u],
    ['an SVG, naming it', text('<?xml version="1.0"?><svg/>'), /an SVG/u],
    ['a TIFF, naming it', text('II*\0'), /TIFF pictures are not decoded in browsers/u],
    ['only the beginning of a JPEG', Uint8Array.of(0xff, 0xd8, 0xff), /JPEG picture is truncated or damaged/u],
    ['a JPEG without a size', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), /no size/u],
    ['a WebP without colours', text('RIFF\u0004\0\0\0WEBP'), /WebP picture is truncated or damaged/u],
    ['an AVIF without a size', text('\0\0\0\u0010ftypavif\0\0\0\0'), /AVIF picture is truncated or damaged/u],
  ])('refuses %s', async (_, bytes, message) => {
    const decoding = decoder.decode(bytes);
    await expect(decoding).rejects.toBeInstanceOf(ImageError);
    await expect(decoding).rejects.toThrow(message);
  });

  test.each([
    'rgb.png',
    'rgb.jpg',
    'progressive.jpg',
    'cmyk.jpg',
    'lossy.webp',
    'alpha.webp',
    'animated.webp',
    'plain.gif',
    'rgb.avif',
  ])('refuses a truncated %s', async (name) => {
    const bytes = await nodePicture(name);
    for (let length = 3; length < bytes.length - 14; length += Math.ceil(bytes.length / 40)) {
      await expect(decoder.decode(bytes.subarray(0, length)), `${length} bytes`).rejects.toBeInstanceOf(ImageError);
    }
  });

  test('refuses more pixels than it may decode before a browser sees them', async () => {
    const small = createBrowserDecoder({ maxPixels: 100 });
    for (const name of ['rgb.png', 'plain.gif', 'rgb.jpg', 'lossy.webp', 'animated.webp', 'alpha.webp', 'rgb.avif']) {
      await expect(small.decode(await nodePicture(name)), name).rejects.toThrow(/at most 100 pixels/u);
    }
  });

  test('stops when it is aborted', async () => {
    await expect(decoder.decode(await nodePicture('rgb.png'), AbortSignal.abort('enough'))).rejects.toBe('enough');
    const controller = new AbortController();
    const decoding = decoder.decode(await nodePicture('rgb.jpg'), controller.signal);
    controller.abort('late');
    await expect(decoding).rejects.toBe('late');
  });

  test.each([0, -1, 1.5, Number.NaN, 2e9])('refuses maxPixels of %d', (maxPixels) => {
    expect(() => createBrowserDecoder({ maxPixels })).toThrow(InvalidArgumentError);
  });
});
