import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { expect, test } from 'vitest';
import { floatTensor, safetensorsBytes } from '../../test/safetensors-bytes.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { openTensors } from './open-tensors.ts';

const file = 'model.safetensors';

test('converts more than fits its scratch space at once', async () => {
  const length = 3 * 1024 * 1024 + 5;
  const folder = await temporaryFolder();
  const tensor = floatTensor(
    'BF16',
    [length],
    Array.from({ length }, (_, index) => index % 251),
  );
  await writeFile(join(folder, file), safetensorsBytes({ tensor }));
  await using store = await openTensors(await CheckpointFolder.open(folder));
  const into = new Float32Array(length);
  await store.read('tensor', 0, into);
  expect(into.findIndex((value, index) => value !== index % 251)).toBe(-1);
});

test('lets reads that are asked for at once wait for each other', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, file), safetensorsBytes({ a: floatTensor('F16', [4], [1, 2, 3, 4]) }));
  await using store = await openTensors(await CheckpointFolder.open(folder));
  const parts = [0, 1, 2, 3].map(() => new Float32Array(1));
  await Promise.all(parts.map((part, index) => store.read('a', index, part)));
  expect(parts.map(([value]) => value)).toEqual([1, 2, 3, 4]);
});

test('refuses tensors that are no floats, missing, or shorter than asked for', async () => {
  const folder = await temporaryFolder();
  const ids = { dtype: 'I64', shape: [1], data: new Uint8Array(8) };
  await writeFile(join(folder, file), safetensorsBytes({ ids, a: floatTensor('F32', [1], [1]) }));
  await using store = await openTensors(await CheckpointFolder.open(folder));
  await expect(store.read('ids', 0, new Float32Array(1))).rejects.toThrow(/has type I64; expected F32, F16, BF16, F64/);
  await expect(store.read('b', 0, new Float32Array(1))).rejects.toThrow(/holds no tensor "b"/);
  await expect(store.read('a', 1, new Float32Array(1))).rejects.toThrow(RangeError);
});

test('notices a file that is cut off after it was opened', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, file), safetensorsBytes({ a: floatTensor('F32', [2], [1, 2]) }));
  await using store = await openTensors(await CheckpointFolder.open(folder));
  await truncate(join(folder, file), 90);
  const reading = store.read('a', 0, new Float32Array(2));
  await expect(reading).rejects.toThrow(ModelFileError);
  await expect(reading).rejects.toThrow(/the file ends after/);
});
