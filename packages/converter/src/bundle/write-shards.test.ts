import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath } from '@ovis/testing';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { convertCheckpoint } from '../convert-checkpoint.ts';

/** A little more than the largest weight, a rotary table of a mebibyte. */
const shardBytes = 1_100_000;

test('weights fill files of the size that is asked for, and every graph names those it needs', async () => {
  const bundle = join(await temporaryFolder(), 'bundle');
  const { graphs, files } = await convertCheckpoint(fixturePath('ovis2-tiny'), bundle, { dtype: 'f32', shardBytes });
  const data = files.filter(({ path }) => path.endsWith('.data'));
  expect(data.map(({ path }) => path)).toEqual(expect.arrayContaining(['decoder.data', 'decoder.1.data', 'tables.data']));
  expect(graphs.decoder.externalData.length).toBeGreaterThan(1);
  for (const graph of [graphs.decoder, graphs.visualTokenizer]) {
    expect(data.map(({ path }) => path)).toEqual(expect.arrayContaining([...graph.externalData]));
  }
  for (const { path, bytes } of data) expect((await stat(join(bundle, path))).size, path).toBe(bytes);
  for (const { path, bytes } of data) expect(bytes, path).toBeLessThanOrEqual(shardBytes);
});

test('a weight that is larger than a file is alone in one', async () => {
  const bundle = join(await temporaryFolder(), 'bundle');
  const { files } = await convertCheckpoint(fixturePath('ovis2-tiny'), bundle, { dtype: 'f32', shardBytes: 65_536 });
  expect(files.map(({ bytes }) => bytes)).toContain(2 ** 20);
});

test('one file of each kind is enough where everything fits', async () => {
  const bundle = join(await temporaryFolder(), 'bundle');
  const { graphs } = await convertCheckpoint(fixturePath('ovis2-tiny'), bundle, { dtype: 'f32' });
  expect(graphs.decoder.externalData).toEqual(['decoder.data']);
  expect(graphs.visualTokenizer.externalData).toEqual(['visual-tokenizer.data']);
});
