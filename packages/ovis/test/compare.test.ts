import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertCheckpoint } from '@ovis/converter';
import { InvalidArgumentError } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ovis } from '../src/node/ovis.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-compare-'));
  for (const dtype of ['f32', 'f16', 'int8'] as const) {
    await convertCheckpoint(fixturePath('ovis2-tiny'), join(folder, dtype), { dtype });
  }
  await convertCheckpoint(fixturePath('ovis2.5-tiny'), join(folder, 'other'), { dtype: 'f32' });
});
afterAll(() => rm(folder, { recursive: true }));

const samples = [
  { messages: [{ role: 'user', content: 'Hi' }] },
  {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', image: fixturePath('ovis2-tiny/images/wide.png') },
          { type: 'text', text: 'Describe the image.' },
        ],
      },
    ],
    image: { maxPartition: 2 },
  },
] as const;

test('a conversion compared with itself differs in nothing', async () => {
  await using ovis = await Ovis.load(join(folder, 'f32'));
  const { overall } = await ovis.compare(ovis, samples);
  expect(overall).toMatchObject({
    visualEmbeddings: 0,
    sameVisualWord: 1,
    entropyDifference: 0,
    logits: 0,
    sameToken: 1,
    positions: 32,
  });
  expect(overall.divergence).toBeLessThan(1e-6);
});

test('the coarser the storage, the larger the distance', async () => {
  await using reference = await Ovis.load(join(folder, 'f32'));
  await using half = await Ovis.load(join(folder, 'f16'));
  await using small = await Ovis.load(join(folder, 'int8'));
  const near = (await reference.compare(half, samples)).overall;
  const far = (await reference.compare(small, samples)).overall;
  expect(near.logits).toBeGreaterThan(0);
  expect(far.logits).toBeGreaterThan(near.logits);
  expect(far.divergence).toBeGreaterThan(near.divergence);
  expect(far.visualEmbeddings ?? 0).toBeGreaterThan(near.visualEmbeddings ?? 1);
  expect(far.sameToken).toBeLessThanOrEqual(1);
});

test('another model is refused', async () => {
  await using ovis = await Ovis.load(join(folder, 'f32'));
  await using other = await Ovis.load(join(folder, 'other'));
  await expect(ovis.compare(other, samples)).rejects.toBeInstanceOf(InvalidArgumentError);
  await expect(ovis.compare(ovis, [])).rejects.toBeInstanceOf(InvalidArgumentError);
});
