import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { expect, test } from 'vitest';
import { checkpointCopy } from '../test/checkpoint-copy.ts';
import { inspectCheckpoint } from './inspect-checkpoint.ts';

test('sums up a checkpoint by part, type and file', async () => {
  const summary = await inspectCheckpoint(fixturePath('ovis2-tiny'));
  expect(summary).toMatchObject({
    kind: 'checkpoint',
    modelType: 'ovis',
    architecture: 'Ovis',
    model: { generation: '2', name: 'ovis2-tiny' },
    total: { tensors: 69, parameters: 329206, bytes: 1316824 },
    parts: { textTable: { tensors: 1, parameters: 38912 }, lmHead: { tensors: 1 }, other: { tensors: 0, bytes: 0 } },
    dtypes: { F32: { tensors: 69 } },
    files: [{ path: 'model.safetensors', bytes: 1324480, tensors: 69 }],
    warnings: [expect.stringContaining('"use_indicators" false')],
  });
  const parameters = Object.values(summary.parts).reduce((sum, part) => sum + part.parameters, 0);
  expect(parameters).toBe(summary.total.parameters);
});

test('counts shards and types', async () => {
  const summary = await inspectCheckpoint(await checkpointCopy('ovis2.5-tiny', { dtype: 'BF16', shards: 2 }));
  expect(Object.keys(summary.dtypes)).toEqual(['BF16']);
  expect(summary.files.map(({ path }) => path)).toEqual([
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
  ]);
  expect(summary.files.reduce((sum, { tensors }) => sum + tensors, 0)).toBe(summary.total.tensors);
});

test('shows tensors that no official checkpoint has, where a conversion would refuse them', async () => {
  const extra = await checkpointCopy('ovis2-tiny', {
    change: (tensors) => tensors.set('lora.A', { shape: [2], data: Float32Array.of(1, 2) }),
  });
  expect((await inspectCheckpoint(extra)).parts.other).toEqual({ tensors: 1, parameters: 2, bytes: 8 });
});

test('refuses what is no checkpoint', async () => {
  const folder = await checkpointCopy('ovis2-tiny');
  await rm(join(folder, 'config.json'));
  await expect(inspectCheckpoint(folder)).rejects.toThrow(ModelFileError);
});
