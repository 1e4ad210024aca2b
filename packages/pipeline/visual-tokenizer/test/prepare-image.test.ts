import { ImageError, InvalidArgumentError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { MAX_IMAGE_PIXELS, pixelValues, prepareImage, prepareVideo, type ImageOptions } from '../src/index.ts';
import { greyImage } from './grey-image.ts';
import { nativeModel, tiledModel } from './model-of.ts';

describe.each([
  { kind: 'tiles', model: tiledModel({ side: 448, tokensPerView: 256 }) },
  { kind: 'native', model: nativeModel() },
])('a picture for a model of kind $kind', ({ model }) => {
  test('may be a single pixel', async () => {
    const { patches, views } = await prepareImage(greyImage(1, 1), model);
    expect(views).toBe(1);
    expect(patches.every((value) => value !== 0)).toBe(true);
  });

  test('may be 30,000 pixels wide', async () => {
    const { item, views, patches } = await prepareImage(greyImage(200, 30_000), model);
    expect(views).toBeGreaterThan(0);
    expect(item.tokensPerView * item.views).toBeGreaterThan(0);
    expect(patches.every(Number.isFinite)).toBe(true);
  });

  test('may not be too thin', async () => {
    await expect(prepareImage(greyImage(1, 400_000), model)).rejects.toThrow(ImageError);
    await expect(prepareImage(greyImage(400_000, 1), model)).rejects.toThrow(/Crop it or pad it/);
  });

  test.each([
    { height: 0, width: 5, data: new Uint8Array(0) },
    { height: -2, width: -2, data: new Uint8Array(12) },
    { height: 1.5, width: 2, data: new Uint8Array(9) },
    { height: Number.NaN, width: 2, data: new Uint8Array(6) },
    { height: 2, width: 2, data: new Uint8Array(11) },
    { height: 2, width: 2, data: new Uint8Array(16) },
    { height: 2, width: 2, data: new Uint8Array(0) },
    { height: 1, width: MAX_IMAGE_PIXELS + 1, data: new Uint8Array(0) },
    { height: 2 ** 40, width: 2 ** 40, data: new Uint8Array(0) },
  ])('must have data that fits its sides: $height x $width', async (image) => {
    await expect(prepareImage(image, model)).rejects.toThrow(ImageError);
  });

  test.each<ImageOptions>([
    { maxPartition: 0 },
    { maxPartition: -1 },
    { maxPartition: 2.5 },
    { maxPartition: Number.NaN },
    { maxPartition: Infinity },
    { maxPartition: 1000 },
    { minPixels: 0 },
    { minPixels: Number.NaN },
    { maxPixels: -5 },
    { maxPixels: 100 },
    { maxPixels: 2 ** 40 },
  ])('is refused with options %o', async (options) => {
    await expect(prepareImage(greyImage(8, 8), model, options)).rejects.toThrow(InvalidArgumentError);
  });

  test('is not prepared when the signal is aborted', async () => {
    const reason = new Error('no longer needed');
    const signal = AbortSignal.abort(reason);
    await expect(prepareImage(greyImage(8, 8), model, {}, { signal })).rejects.toBe(reason);
  });
});

test('pads with zeros after normalisation, around the picture', async () => {
  const model = tiledModel();
  const { data, dims } = pixelValues(await prepareImage(greyImage(28, 56, 255), model, { maxPartition: 1 }), model);
  expect(dims).toEqual([1, 3, 56, 56]);
  const rows = Array.from({ length: 56 }, (_, y) => data[y * 56]);
  expect(rows.map((value) => value !== 0)).toEqual(rows.map((_, y) => y >= 14 && y < 42));
});

test('prepares the overview first and then the sub-images', async () => {
  const model = tiledModel();
  const { item, views, grid } = await prepareImage(greyImage(56, 112), model);
  expect(item).toEqual({ kind: 'image', tiles: { rows: 1, columns: 2 }, tokensPerView: 4, views: 3 });
  expect(views).toBe(3);
  expect(grid).toEqual({ time: 1, height: 4, width: 4 });
});

test('leaves out pixels beyond the last whole patch, which pixel values still have', async () => {
  const model = tiledModel({ side: 59, tokensPerView: 4 });
  const prepared = await prepareImage(greyImage(59, 59), model);
  expect(prepared.patchesPerView).toBe(16);
  expect(prepared.uncovered.length).toBe(3 * (59 ** 2 - 56 ** 2));
  const { data, dims } = pixelValues(prepared, model);
  expect(dims).toEqual([1, 3, 59, 59]);
  expect(new Set(data).size).toBe(3); // one grey per channel, no zeros
});

test('lowers the default of minPixels to a small maxPixels, but refuses a contradiction', async () => {
  const { grid } = await prepareImage(greyImage(600, 600), nativeModel(), { maxPixels: 64 * 64 });
  expect(grid).toEqual({ time: 1, height: 4, width: 4 });
  const options = { minPixels: 5000, maxPixels: 4096 };
  await expect(prepareImage(greyImage(8, 8), nativeModel(), options)).rejects.toThrow(/must not exceed/);
});

test('gives all frames of a video the size of the first', async () => {
  const options = { minPixels: 4096, maxPixels: 9216 };
  const { item, views, grid } = await prepareVideo([greyImage(64, 96), greyImage(20, 20)], nativeModel(), options);
  expect(item).toEqual({ kind: 'video', tokensPerView: 12, views: 1 });
  expect(views).toBe(2);
  expect(grid).toEqual({ time: 2, height: 4, width: 6 });
});

test('refuses videos without frames, with a broken frame, too long, or for a model that takes none', async () => {
  const frame = greyImage(8, 8);
  await expect(prepareVideo([], nativeModel())).rejects.toThrow(/at least one frame/);
  await expect(prepareVideo([frame, { ...frame, height: 9 }], nativeModel())).rejects.toThrow(/Frame 1/);
  const many = Array.from({ length: 100_000 }, () => frame);
  await expect(prepareVideo(many, nativeModel())).rejects.toThrow(/fewer frames/);
  await expect(prepareVideo([frame], tiledModel())).rejects.toThrow(/takes no videos/);
});

test('refuses a model with several frames per patch', async () => {
  await expect(prepareImage(greyImage(8, 8), nativeModel({ temporalPatchSize: 2 }))).rejects.toThrow(
    InvalidArgumentError,
  );
});
