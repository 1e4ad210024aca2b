import { fixtureCases, integersOf, type StoredTensor } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { pixelValues, prepareImage, prepareVideo, type ImageOptions, type PreparedVisual } from '../src/index.ts';
import { decodeFixtureImage } from './decode-fixture-image.ts';
import { fixtureModel } from './fixture-model.ts';

type Case = {
  readonly images: readonly string[] | null;
  readonly video?: readonly string[] | null;
  readonly max_partition?: number | null;
  readonly min_pixels?: number | null;
  readonly max_pixels?: number | null;
  readonly grids?: readonly (readonly [number, number])[] | null;
  readonly grid_thws?: readonly (readonly [number, number, number])[] | null;
};

describe.each(['ovis2-tiny', 'ovis2.5-tiny'])('%s', (folder) => {
  const model = fixtureModel(folder);
  const cases = fixtureCases<Case>(folder).filter(({ description: { images, video, grids, grid_thws: grid } }) => {
    return (images ?? video) && (grids ?? grid);
  });

  test('has cases with pictures', () => {
    expect(cases.length).toBeGreaterThan(8);
  });

  test.each(cases)('prepares the pictures of $name as the official code does', async ({ description, tensors }) => {
    const prepared = await prepareAll(description);
    expect(prepared.flatMap(({ item }) => (item.tiles ? [[item.tiles.rows, item.tiles.columns]] : []))).toEqual(
      description.grids ?? [],
    );
    if (description.grid_thws) {
      const grids = prepared.map(({ grid }) => [grid.time, grid.height, grid.width]);
      expect(grids).toEqual(description.grid_thws);
      const stored = tensors.get('grid_thws');
      if (stored) expect(grids.flat()).toEqual(integersOf(stored));
    }
    const expected = tensors.get('pixel_values');
    if (expected) expectEqualPixels(prepared, expected);
  });

  async function prepareAll(description: Case): Promise<PreparedVisual[]> {
    const options = optionsOf(description);
    const decode = (file: string) => decodeFixtureImage(folder, file);
    if (description.video)
      return [await prepareVideo(await Promise.all(description.video.map(decode)), model, options)];
    return Promise.all(
      (description.images ?? []).map(async (file) => prepareImage(await decode(file), model, options)),
    );
  }

  function expectEqualPixels(prepared: readonly PreparedVisual[], expected: StoredTensor): void {
    const tensorsOfItems = prepared.map((item) => pixelValues(item, model));
    const rows = tensorsOfItems.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
    expect([rows, ...(tensorsOfItems[0]?.dims.slice(1) ?? [])]).toEqual(expected.shape);
    const actual = tensorsOfItems.flatMap(({ data }) => Array.from(data));
    expect(actual.length).toBe(expected.data.length);
    const worst = actual.reduce((max, value, i) => Math.max(max, Math.abs(value - Number(expected.data[i]))), 0);
    expect(worst).toBeLessThanOrEqual(1e-6);
  }
});

function optionsOf({ max_partition: maxPartition, min_pixels: minPixels, max_pixels: maxPixels }: Case): ImageOptions {
  return {
    ...(maxPartition ? { maxPartition } : {}),
    ...(minPixels ? { minPixels } : {}),
    ...(maxPixels ? { maxPixels } : {}),
  };
}
