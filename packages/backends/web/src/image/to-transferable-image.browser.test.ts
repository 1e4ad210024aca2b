import { ImageError, type RawImage, type RgbImage } from '@ovis/core';
import { servedBytes, servedUrl } from '@ovis/testing/browser';
import { afterAll, describe, expect, test } from 'vitest';
import { createBrowserDecoder } from './create-browser-decoder.ts';
import { toImageSource } from './to-image-source.ts';
import { toTransferableImage } from './to-transferable-image.ts';
import type { WebImageSource } from './web-image-source.ts';

const rgbPng = 'packages/backends/node/test/images/rgb.png';
const expected = await createBrowserDecoder().decode(await servedBytes(rgbPng));
const worker = new Worker(new URL('../../test/decode-worker.ts', import.meta.url), { type: 'module' });
afterAll(() => worker.terminate());

/** Sends a picture to a worker and gives what the worker made of it. */
async function sent(source: WebImageSource): Promise<RgbImage | RawImage | Blob | string> {
  const { image, transfer } = await toTransferableImage(source);
  const answered = new Promise<RgbImage>((resolve, reject) => {
    worker.addEventListener('message', (event: MessageEvent<RgbImage>) => resolve(event.data), { once: true });
    worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
  });
  worker.postMessage(image, [...transfer]);
  return answered;
}

/** Opaque pixels without a pattern. */
function noise(width: number, height: number): ImageData {
  const image = new ImageData(width, height);
  image.data.forEach((_, at, data) => (data[at] = at % 4 === 3 ? 255 : (at * at * 31 + at * 7 + (at >> 9)) & 255));
  return image;
}

function rgbOf({ data }: ImageData): Uint8Array {
  return Uint8Array.from({ length: (data.length / 4) * 3 }, (_, at) => data[Math.floor(at / 3) * 4 + (at % 3)] ?? 0);
}

function canvasWith(image: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
  return canvas;
}

function expectPixels(image: unknown, { width, height }: { width: number; height: number }, rgb: Uint8Array): void {
  const { data, ...size } = image as RawImage;
  expect(size).toMatchObject({ width, height });
  expect(data.length).toBe(rgb.length);
  expect(rgb.every((value, at) => value === data[at])).toBe(true);
}

describe('toTransferableImage', () => {
  test('bytes, Blobs and pixels go as they are, and stay with the caller', async () => {
    const bytes = await servedBytes(rgbPng);
    const inside = new Uint8Array([0, ...bytes, 0]).subarray(1, bytes.length + 1);
    expectPixels(await sent(inside), expected, expected.data);
    expect(inside).toEqual(bytes);
    const blob = new Blob([new Uint8Array(bytes)]);
    expect(await sent(blob)).toBeInstanceOf(Blob);
    const raw: RawImage = { height: 1, width: 2, channels: 1, data: Uint8Array.of(4, 5) };
    expect(await sent(raw)).toEqual(raw);
    expect(raw.data).toEqual(Uint8Array.of(4, 5));
  });

  test('addresses go as addresses', async () => {
    expect((await toTransferableImage('data:image/png;base64,AA==')).image).toEqual({
      kind: 'source',
      source: 'data:image/png;base64,AA==',
    });
    const { image } = await toTransferableImage(servedUrl(rgbPng));
    expect(image).toEqual({ kind: 'url', href: servedUrl(rgbPng).href });
    expect(await toImageSource(image)).toEqual(servedUrl(rgbPng));
  });

  test('a blob: URL is read at once, so that it may be revoked', async () => {
    const url = new URL(URL.createObjectURL(new Blob([Uint8Array.of(1, 2, 3)])));
    const { image } = await toTransferableImage(url);
    URL.revokeObjectURL(url.href);
    expect(await sent(new Blob([]))).toBeInstanceOf(Blob);
    expect(image.kind === 'source' && image.source instanceof Blob && image.source.size).toBe(3);
  });

  test.each([
    ['a small picture', 7, 5],
    ['one wider than a tile', 5000, 3],
    ['one of several tiles', 4500, 260],
    ['one pixel', 1, 1],
  ])('canvas, bitmap, ImageData and VideoFrame keep every pixel of %s', async (_, width, height) => {
    const image = noise(width, height);
    const rgb = rgbOf(image);
    const canvas = canvasWith(image);
    expectPixels(await sent(canvas), image, rgb);
    const offscreen = new OffscreenCanvas(width, height);
    offscreen.getContext('2d', { willReadFrequently: true })?.putImageData(image, 0, 0);
    expectPixels(await sent(offscreen), image, rgb);
    const bitmap = await createImageBitmap(image);
    expectPixels(await sent(bitmap), image, rgb);
    expect(bitmap.width).toBe(width);
    bitmap.close();
    expect(await sent(image)).toMatchObject({ width, height, channels: 4 });
    expect(image.data.length).toBe(width * height * 4);
    const frame = new VideoFrame(canvas, { timestamp: 0 });
    expectPixels(await sent(frame), image, rgb);
    expect(frame.format).not.toBeNull();
    frame.close();
  });

  test('a canvas is taken as it is at the moment of the call', async () => {
    const image = noise(8, 8);
    const canvas = canvasWith(image);
    const taking = toTransferableImage(canvas);
    canvas.getContext('2d')?.clearRect(0, 0, 8, 8);
    const taken = await taking;
    expectPixels(await toImageSource(taken.image), image, rgbOf(image));
  });

  test('an <img> is read as its file, also a turned photograph', async () => {
    const element = document.createElement('img');
    element.src = servedUrl('packages/backends/node/test/images/exif6.jpg').href;
    await element.decode();
    expect([element.naturalWidth, element.naturalHeight]).toEqual([23, 37]);
    const source = await sent(element);
    const bytes = new Uint8Array(await (source as Blob).arrayBuffer());
    expect(bytes).toEqual(await servedBytes('packages/backends/node/test/images/exif6.jpg'));
  });

  test('an <img> with a drawing is read as it is drawn', async () => {
    const element = document.createElement('img');
    const rectangle = '<rect width="4" height="2" fill="rgb(10,200,30)"/>';
    element.src = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2">${rectangle}</svg>`)}`;
    const image = (await sent(element)) as RawImage;
    expect([image.height, image.width, ...image.data.subarray(0, 3)]).toEqual([2, 4, 10, 200, 30]);
  });

  test.each([
    ['an empty <img>', () => document.createElement('img'), /<img> shows no picture/u],
    ['a <video> without a frame', () => document.createElement('video'), /no frame yet.*loadeddata/u],
    ['an empty canvas', () => Object.assign(document.createElement('canvas'), { width: 0 }), /needs pixels/u],
    ['a number', () => 7 as unknown as WebImageSource, /got Number/u],
    ['nothing', () => null as unknown as WebImageSource, /got Null/u],
    ['an array', () => [1] as unknown as WebImageSource, /got Array/u],
  ])('refuses %s', async (_, make, message) => {
    const taking = toTransferableImage(make());
    await expect(taking).rejects.toBeInstanceOf(ImageError);
    await expect(taking).rejects.toThrow(message);
  });

  test('refuses a closed bitmap and a closed frame', async () => {
    const bitmap = await createImageBitmap(noise(2, 2));
    bitmap.close();
    await expect(toTransferableImage(bitmap)).rejects.toBeInstanceOf(ImageError);
    const frame = new VideoFrame(canvasWith(noise(2, 2)), { timestamp: 0 });
    frame.close();
    await expect(toTransferableImage(frame)).rejects.toThrow(/closed already/u);
  });

  test('a drawing with too many pixels is refused and closed', async () => {
    const { image } = await toTransferableImage(canvasWith(noise(20, 20)));
    await expect(toImageSource(image, { maxPixels: 100 })).rejects.toThrow(/at most 100 pixels/u);
    expect(image.kind === 'drawing' && 'width' in image.drawing && image.drawing.width).toBe(0);
  });

  test('an aborted call takes nothing', async () => {
    await expect(toTransferableImage('data:,', AbortSignal.abort('enough'))).rejects.toBe('enough');
  });
});
