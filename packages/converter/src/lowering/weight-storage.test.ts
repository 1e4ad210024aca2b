import type { ModelPart } from '@ovis/core';
import { expect, test } from 'vitest';
import { anywhereIn, type MatrixPlace } from './matrix-place.ts';
import { weightStorage } from './weight-storage.ts';

const request = { place: anywhereIn('decoder'), device: 'cpu', inputs: 896, sensitive: 'int8' } as const;

test('floats stay floats', () => {
  expect(weightStorage({ ...request, dtype: 'f32' })).toEqual({ kind: 'f32' });
  expect(weightStorage({ ...request, dtype: 'f16' })).toEqual({ kind: 'f16' });
});

test('int4 has zero points and blocks of 64 on a CPU, none and 32 on WebGPU', () => {
  expect(weightStorage({ ...request, dtype: 'int4' })).toEqual({
    kind: 'blocks',
    bits: 4,
    blockSize: 64,
    symmetric: false,
  });
  expect(weightStorage({ ...request, dtype: 'int4', device: 'webgpu' })).toEqual({
    kind: 'blocks',
    bits: 4,
    blockSize: 32,
    symmetric: true,
  });
});

test.each<ModelPart>(['vit', 'visualHead'])('int4 means whole numbers of 8 bits for %s on a CPU', (part) => {
  const place = anywhereIn(part);
  expect(weightStorage({ ...request, place, dtype: 'int4' })).toEqual({ kind: 'columns' });
  expect(weightStorage({ ...request, place, dtype: 'int8' })).toEqual({ kind: 'columns' });
  expect(weightStorage({ ...request, place, dtype: 'int4', device: 'webgpu' })).toMatchObject({
    bits: 8,
    blockSize: 32,
  });
});

test.each<ModelPart>(['lmHead', 'textTable', 'visualTable'])('int4 means 8 bits for %s', (part) => {
  expect(weightStorage({ ...request, place: anywhereIn(part), dtype: 'int4' })).toEqual({
    kind: 'blocks',
    bits: 8,
    blockSize: 128,
    symmetric: true,
  });
});

test('int4 means 8 bits for sensitive matrices', () => {
  const place: MatrixPlace = { part: 'decoder', role: 'down_proj', depth: { layer: 0, layers: 24 } };
  expect(weightStorage({ ...request, place, dtype: 'int4' })).toMatchObject({ kind: 'blocks', bits: 8 });
  expect(weightStorage({ ...request, place: { ...place, role: 'up_proj' }, dtype: 'int4' })).toMatchObject({ bits: 4 });
});

test('int4 means 4 bits for sensitive matrices too where that is asked, but not for the head', () => {
  const place: MatrixPlace = { part: 'decoder', role: 'down_proj', depth: { layer: 0, layers: 24 } };
  const asked = { ...request, dtype: 'int4', sensitive: 'same' } as const;
  expect(weightStorage({ ...asked, place })).toMatchObject({ kind: 'blocks', bits: 4 });
  expect(weightStorage({ ...asked, place: anywhereIn('lmHead') })).toMatchObject({ kind: 'blocks', bits: 8 });
});

test.each([
  [1, 16],
  [16, 16],
  [17, 32],
  [64, 64],
  [588, 128],
])('an axis of %d gets blocks of %d', (inputs, blockSize) => {
  const place = anywhereIn('textTable');
  expect(weightStorage({ ...request, place, dtype: 'int8', inputs })).toMatchObject({ blockSize });
});

test('int8 matrices of the language model are columns on a CPU, and blocks where the host reads rows or on WebGPU', () => {
  const kindOf = (part: ModelPart, device: 'cpu' | 'webgpu') =>
    weightStorage({ ...request, place: anywhereIn(part), dtype: 'int8', device }).kind;
  expect([kindOf('decoder', 'cpu'), kindOf('lmHead', 'cpu')]).toEqual(['columns', 'columns']);
  expect([kindOf('textTable', 'cpu'), kindOf('decoder', 'webgpu')]).toEqual(['blocks', 'blocks']);
});
