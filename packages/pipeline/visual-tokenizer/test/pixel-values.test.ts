import { fixtureCases, type StoredTensor } from '@ovis/testing';
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
  /** `[rows, columns]` per picture. */
  readonly grids?: readonly (readonly number[])[] | null;
  /** `[time, height, width]` per picture. */
  readonly grid_thws?: readonly (readonly number[])[] | null;
};

describe.each([
  { folder: 'ovis1.0-tiny', grids: 0, pixels: 4 },
  { folder: 'ovis1.5-tiny', grids: 0, pixels: 4 },
  { folder: 'ovis1.5-adaptive-tiny', grids: 0, pixels: 4 },
  { folder: 'ovis1.6-gemma2-tiny', grids: 8, pixels: 8 },
  { folder: 'ovis1.6-llama3-tiny', grids: 7, pixels: 7 },
  { folder: 'ovis2-tiny', grids: 10, pixels: 10 },
  { folder: 'ovis2.5-tiny', grids: 10, pixels: 10 },
])('$folder', ({ folder, grids, pixels }) => {
  const cases = fixtureCases<Case>(folder);
  const withGrids = cases.filter(({ description }) => gridsOf(description).length > 0);
  const withPixels = cases.filter(({ tensors }) => tensors.has('pixel_values'));

  test('has cases with pictures', () => {
    expect(withGrids.length).toBeGreaterThanOrEqual(grids);
    expect(withPixels.length).toBeGreaterThanOrEqual(pixels);
  });

  test.skipIf(grids === 0).each(withGrids)('chooses the grids of $name', async ({ description }) => {
    const prepared = await prepareAll(folder, description);
    const chosen = prepared.map(({ item: { tiles }, grid }) => {
      return tiles ? [tiles.rows, tiles.columns] : [grid.time, grid.height, grid.width];
    });
    expect(chosen).toEqual(gridsOf(description));
  });

  test.each(withPixels)('gives the pixel values of $name', async ({ description, tensors }) => {
    const prepared = await prepareAll(folder, description);
    const expected = tensors.get('pixel_values');
    const model = fixtureModel(folder);
    const actual = prepared.map((item) => pixelValues(item, model));
    const rows = actual.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
    expect([rows, ...(actual[0]?.dims.slice(1) ?? [])]).toEqual(expected?.shape);
    expect(
      worstDifference(
        actual.flatMap(({ data }) => Array.from(data)),
        expected,
      ),
    ).toBeLessThanOrEqual(1e-6);
  });
});

function gridsOf({ grids, grid_thws: native, images, video }: Case): readonly (readonly number[])[] {
  return images || video ? (grids ?? native ?? []) : [];
}

async function prepareAll(folder: string, description: Case): Promise<PreparedVisual[]> {
  const { images, video, max_partition: maxPartition, min_pixels: minPixels, max_pixels: maxPixels } = description;
  const options: ImageOptions = {
    ...(maxPartition ? { maxPartition } : {}),
    ...(minPixels ? { minPixels } : {}),
    ...(maxPixels ? { maxPixels } : {}),
  };
  const model = fixtureModel(folder);
  const pictures = await Promise.all((video ?? images ?? []).map((file) => decodeFixtureImage(folder, file)));
  if (video) return [await prepareVideo(pictures, model, options)];
  return Promise.all(pictures.map((picture) => prepareImage(picture, model, options)));
}

function worstDifference(actual: readonly number[], expected: StoredTensor | undefined): number {
  if (expected?.data.length !== actual.length) return Infinity;
  return actual.reduce((worst, value, i) => {
    const wanted = Number(expected.data[i]);
    return value === wanted ? worst : Math.max(worst, Math.abs(value - wanted));
  }, 0);
}
