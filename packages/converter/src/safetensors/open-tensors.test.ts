import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { fileBytes, floatTensor, safetensorsBytes } from '../../test/safetensors-bytes.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { openTensors } from './open-tensors.ts';

const a = floatTensor('F32', [2, 2], [1, 2, 3, 4]);
const b = floatTensor('BF16', [3], [5, 6, 7]);
const [one, two] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

async function folderOf(files: Readonly<Record<string, Uint8Array | string | object>>): Promise<CheckpointFolder> {
  const path = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
    await writeFile(join(path, name), bytes);
  }
  return CheckpointFolder.open(path);
}

const index = (weightMap: object, total?: number) => ({
  'model.safetensors.index.json': { metadata: { total_size: total }, weight_map: weightMap },
});

test('opens a single file', async () => {
  await using store = await openTensors(await folderOf({ 'model.safetensors': safetensorsBytes({ a, b }) }));
  const into = new Float32Array(2);
  await store.read('a', 1, into);
  expect([...into]).toEqual([2, 3]);
  expect([...store.tensors.keys()]).toEqual(['a', 'b']);
});

test('opens shards as one', async () => {
  const files = { ...index({ b: two, a: one }, 22), [one]: safetensorsBytes({ a }), [two]: safetensorsBytes({ b }) };
  await using store = await openTensors(await folderOf(files));
  const into = new Float32Array(3);
  await store.read('b', 0, into);
  expect([...into]).toEqual([5, 6, 7]);
  expect(store.warnings).toEqual([]);
});

test('warns when the index claims another number of bytes', async () => {
  await using store = await openTensors(await folderOf({ ...index({ a: one }, 99), [one]: safetensorsBytes({ a }) }));
  expect(store.warnings).toEqual([expect.stringContaining('claims 99 bytes of tensors; its shards hold 16')]);
});

describe('refuses', () => {
  test.each<[string, Record<string, Uint8Array | string | object>, RegExp]>([
    ['a folder without weights', { 'config.json': {} }, /holds neither model\.safetensors nor .*Download/],
    [
      'pickled weights, telling how to convert them',
      { 'pytorch_model.bin': 'x' },
      /pickle format \("pytorch_model\.bin"\).*save_file/,
    ],
    ['an empty file', { 'model.safetensors': '' }, /has 0 bytes, too few/],
    [
      'a header beyond the file',
      { 'model.safetensors': fileBytes('{}').subarray(0, 9) },
      /claims 2 bytes, more than the file's 9/,
    ],
    [
      'a header beyond the limit',
      { 'model.safetensors': Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 1]) },
      /claims 18446744073709551615 bytes; the format allows/,
    ],
    ['a truncated file', { 'model.safetensors': safetensorsBytes({ a }).slice(0, -1) }, /truncated/],
    [
      'a Git LFS pointer',
      { 'model.safetensors': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n' },
      /Git LFS pointer.*git lfs pull/,
    ],
    ['an index that is no JSON', { 'model.safetensors.index.json': '{' }, /model\.safetensors\.index\.json is no JSON/],
    ['an index that is a list', { 'model.safetensors.index.json': '[]' }, /holds a list; expected an object/],
    [
      'an index that names a missing file',
      { ...index({ a: one, b: two }), [one]: safetensorsBytes({ a }) },
      /names "model-00002-of-00002.safetensors", which .* does not hold/,
    ],
    [
      'an index that names a missing tensor',
      { ...index({ a: one, c: one }), [one]: safetensorsBytes({ a }) },
      /disagree about 1 tensors: "c"/,
    ],
    [
      'an index that places a tensor in another shard',
      { ...index({ a: two, b: two }), [one]: safetensorsBytes({}), [two]: safetensorsBytes({ b }) },
      /disagree about 1 tensors: "a"/,
    ],
    [
      'a shard with a tensor that the index does not know',
      { ...index({ a: one }), [one]: safetensorsBytes({ a, b }) },
      /disagree about 1 tensors: "b"/,
    ],
    [
      'a tensor in two shards',
      { ...index({ a: one, b: two }), [one]: safetensorsBytes({ a }), [two]: safetensorsBytes({ a, b }) },
      /"a" lies in .*00001.* and in .*00002/,
    ],
  ])('%s', async (_, files, message) => {
    const opening = openTensors(await folderOf(files));
    await expect(opening).rejects.toThrow(ModelFileError);
    await expect(opening).rejects.toThrow(message);
  });

  test('a folder in the place of a file', async () => {
    const path = await temporaryFolder();
    await mkdir(join(path, 'model.safetensors'));
    await expect(openTensors(await CheckpointFolder.open(path))).rejects.toThrow(ModelFileError);
  });
});
