import { InvalidArgumentError } from '@ovis/core';
import { expect, test } from 'vitest';
import { resolveConvertOptions, type ConvertOptions } from './convert-options.ts';

test('fills in the defaults', () => {
  const int8 = {
    decoder: 'int8',
    lmHead: 'int8',
    vit: 'int8',
    visualHead: 'int8',
    visualTable: 'int8',
    textTable: 'int8',
  };
  expect(resolveConvertOptions({})).toMatchObject({
    dtypes: int8,
    device: 'cpu',
    keyValues: 'f32',
    sensitive: 'int8',
    intermediates: false,
    overwrite: false,
    shardBytes: 512_000_000,
  });
});

test('puts the dtype of a part before that of all', () => {
  const { dtypes } = resolveConvertOptions({ dtype: 'int4', dtypes: { vit: 'f16' } });
  expect(dtypes).toMatchObject({ vit: 'f16', decoder: 'int4', visualHead: 'int4' });
});

test.each<[string, unknown]>([
  ['dtype', { dtype: 'int2' }],
  ['dtype', { dtype: 4 }],
  ['device', { device: 'cuda' }],
  ['sensitive', { sensitive: 'int4' }],
  ['keyValues', { keyValues: 'f16' }],
  ['keyValues', { keyValues: 'int8', device: 'webgpu' }],
  ['shardBytes', { shardBytes: 65_535 }],
  ['shardBytes', { shardBytes: 1e5 + 0.5 }],
  ['shardBytes', { shardBytes: '1000000' }],
  ['dtypes', { dtypes: { llm: 'f32' } }],
  ['dtypes.vit', { dtypes: { vit: 'bf16' } }],
])('refuses a wrong %s', (name, options) => {
  const resolving = () => resolveConvertOptions(options as ConvertOptions);
  expect(resolving).toThrow(InvalidArgumentError);
  expect(resolving).toThrow(`"${name}"`);
});
