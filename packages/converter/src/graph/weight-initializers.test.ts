import { ShapeMismatchError } from '@ovis/core';
import { expect, test } from 'vitest';
import type { WeightStorage } from '../weights/weight-expression.ts';
import { weightInitializers } from './weight-initializers.ts';

const initializers = (shape: readonly number[], storage: WeightStorage) =>
  weightInitializers({ name: 'w', part: 'decoder', expression: { op: 'tensor', name: 'w', shape }, storage });

test('keeps a float weight as it is, or transposes it', () => {
  expect(initializers([2, 3, 4], { kind: 'f32', transposed: false })).toEqual([
    { name: 'w', dtype: 'float32', dims: [2, 3, 4] },
  ]);
  expect(initializers([2, 3], { kind: 'f16', transposed: true })).toEqual([
    { name: 'w', dtype: 'float16', dims: [3, 2] },
  ]);
});

test('pads the last block and the last byte of zero points', () => {
  expect(initializers([5, 80], { kind: 'blocks', bits: 4, blockSize: 32, symmetric: false })).toEqual([
    { name: 'w.codes', dtype: 'uint8', dims: [5, 3, 16] },
    { name: 'w.scales', dtype: 'float32', dims: [5, 3] },
    { name: 'w.zero_points', dtype: 'uint8', dims: [5, 2] },
  ]);
});

test('needs no zero points where they are all the same', () => {
  const storage = { kind: 'blocks', bits: 8, blockSize: 32, symmetric: true } as const;
  expect(initializers([5, 64], storage).map(({ dims }) => dims)).toEqual([
    [5, 2, 32],
    [5, 2],
  ]);
  expect(initializers([64, 5], { ...storage, transposed: true }).map(({ dims }) => dims)).toEqual([
    [5, 2, 32],
    [5, 2],
  ]);
});

test('refuses to transpose or to cut into blocks what is no matrix', () => {
  expect(() => initializers([2, 3, 4], { kind: 'f32', transposed: true })).toThrow(ShapeMismatchError);
  expect(() => initializers([8], { kind: 'blocks', bits: 8, blockSize: 16, symmetric: true })).toThrow(/a matrix/);
});
