import { ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { parseShardIndex } from './shard-index.ts';

const first = 'model-00001-of-00002.safetensors';

test('tells the shard of each tensor and the bytes of all', () => {
  const index = parseShardIndex({ metadata: { total_size: 12 }, weight_map: { a: first, b: first } });
  expect([...index.fileOf]).toEqual([
    ['a', first],
    ['b', first],
  ]);
  expect(index.totalBytes).toBe(12);
});

test.each([{}, { metadata: null }, { metadata: { total_size: '12' } }, { metadata: { total_size: 1e300 } }])(
  'does without a usable total size: %o',
  (metadata) => {
    expect(parseShardIndex({ ...metadata, weight_map: { a: first } }).totalBytes).toBeNull();
  },
);

describe('refuses', () => {
  test.each<[string, unknown]>([
    ['no weight_map', undefined],
    ['a list', []],
    ['an empty map', {}],
    ['a file in the folder above', { a: '../model.safetensors' }],
    ['an absolute path', { a: '/etc/model.safetensors' }],
    ['a path with a drive', { a: 'C:model.safetensors' }],
    ['a folder', { a: 'shards/model.safetensors' }],
    ['a folder in the way of Windows', { a: 'shards\\model.safetensors' }],
    ['a hidden file', { a: '..safetensors' }],
    ['a zero byte', { a: 'model\0.safetensors' }],
    ['another kind of file', { a: 'pytorch_model.bin' }],
    ['a number', { a: 3 }],
    [
      'more shards than any checkpoint has',
      Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`t${i}`, `s${i}.safetensors`])),
    ],
  ])('%s', (_, weightMap) => {
    const parsing = () => parseShardIndex({ weight_map: weightMap });
    expect(parsing).toThrow(ModelFileError);
    expect(parsing).toThrow(/^model\.safetensors\.index\.json: .*Download/);
  });
});
