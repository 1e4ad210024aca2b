import { ImageError, type ImageDecoder, type ImageSource } from '@ovis/core';
import { expect, test } from 'vitest';
import { readImage } from './read-image.ts';

/** Takes the bytes themselves for one row of grey pixels, so that a test sees what was read. */
const images: ImageDecoder = {
  decode: (bytes) => Promise.resolve({ height: 1, width: 1, data: bytes }),
};
const readPath = (path: string) => Promise.resolve(new TextEncoder().encode(path));
const read = async (source: ImageSource) => (await readImage(source, { images, readPath })).data;

test('bytes, Blobs, data: URLs, paths and file: URLs are read', async () => {
  expect(await read(Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
  expect(await read(new Blob([Uint8Array.of(3)]))).toEqual(Uint8Array.of(3));
  expect(await read('data:image/png;base64,BAU=')).toEqual(Uint8Array.of(4, 5));
  expect(await read(new URL('data:image/png;base64,BAU='))).toEqual(Uint8Array.of(4, 5));
  expect(new TextDecoder().decode(await read('a/b.png'))).toBe('a/b.png');
  expect(new TextDecoder().decode(await read(new URL('file:///a/b.png')))).toBe('file:///a/b.png');
});

test('raw pixels need no decoder', async () => {
  expect(await read({ height: 1, width: 1, channels: 1, data: Uint8Array.of(8) })).toEqual(Uint8Array.of(8, 8, 8));
});

test('an address as text is no path: nothing is fetched unless a URL object asks for it', async () => {
  await expect(read('https://example.com/a.png')).rejects.toThrow(/new URL/);
});

test.each([
  ['another protocol', new URL('ftp://example.com/a.png')],
  ['a malformed data: URL', 'data:image/png;base64'],
  ['a number', 7 as unknown as ImageSource],
])('%s is refused with an ImageError', async (_, source) => {
  await expect(read(source)).rejects.toBeInstanceOf(ImageError);
});

test('without paths (in a browser) a path is refused', async () => {
  await expect(readImage('a.png', { images, readPath: null })).rejects.toThrow(/no paths/);
});
