import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { expect, test } from 'vitest';
import { checkpointCopy } from '../test/checkpoint-copy.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { convertCheckpoint } from './convert-checkpoint.ts';
import type { ConvertOptions } from './convert-options.ts';

const tiny = fixturePath('ovis2-tiny');

async function convert(checkpoint: string, options: ConvertOptions) {
  return convertCheckpoint(checkpoint, join(await temporaryFolder(), 'bundle'), options);
}

test.each(['int4', 'int8'] as const)('%s gives the same bundle on every number of threads', async (dtype) => {
  const one = await convert(tiny, { dtype, threads: 1 });
  expect(await convert(tiny, { dtype, threads: 3 })).toEqual(one);
});

test('a number that is not finite is named from every thread', async () => {
  const name = 'llm.model.layers.1.mlp.up_proj.weight';
  const change = (tensors: Map<string, { readonly data: Float32Array }>) => {
    tensors.get(name)?.data.fill(Number.NaN, 64 * 37, 64 * 37 + 1);
  };
  const checkpoint = await checkpointCopy('ovis2-tiny', { change });
  for (const threads of [1, 2]) {
    await expect(convert(checkpoint, { dtype: 'int4', threads })).rejects.toThrow(`Row 37 of ${name} holds NaN`);
  }
});

test('an abort ends the threads too', async () => {
  const reason = new Error('enough');
  const parent = await temporaryFolder();
  const controller = new AbortController();
  const converting = convertCheckpoint(tiny, join(parent, 'bundle'), {
    dtype: 'int4',
    threads: 2,
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await expect(converting).rejects.toBe(reason);
  expect(await readdir(parent)).toEqual([]);
  expect(process.getActiveResourcesInfo().filter((resource) => resource === 'Worker')).toEqual([]);
});

test.each([0, 17, 1.5, Number.NaN])('%d threads are refused', async (threads) => {
  await expect(convert(tiny, { threads })).rejects.toThrow(InvalidArgumentError);
});
