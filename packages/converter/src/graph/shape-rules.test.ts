import { ShapeMismatchError, type Dim } from '@ovis/core';
import { expect, test } from 'vitest';
import { broadcast, matrixProduct, reshapeTarget, sizeAt } from './shape-rules.ts';
import type { Value } from './value.ts';

const value = (...shape: Dim[]): Value => ({ name: 'x', dtype: 'float32', shape });

test.each([
  [value('B', 'P', 8), value(8), ['B', 'P', 8]],
  [value('B', 'P', 8), value(1, 'P', 8), ['B', 'P', 8]],
  [value('P', 1), value(1, 4), ['P', 4]],
  [value(), value(3), [3]],
])('broadcasts like NumPy (%#)', (left, right, expected) => {
  expect(broadcast('/n', left, right)).toEqual(expected);
});

test.each([
  [value('B', 8), value('P', 8)],
  [value(4), value(8)],
  [value('B'), value(8)],
])('refuses shapes that do not broadcast (%#)', (left, right) => {
  expect(() => broadcast('/n/Add', left, right)).toThrow(ShapeMismatchError);
});

test('multiplies by a matrix over the last axis', () => {
  expect(matrixProduct('/n', value('B', 'P', 8), value(8, 3))).toEqual(['B', 'P', 3]);
  expect(() => matrixProduct('/n', value('B', 'P', 8), value(3, 8))).toThrow(/\[B, P, 8\] times .*\[3, 8\]/);
  expect(() => matrixProduct('/n', value('B', 8), value('B', 8, 3))).toThrow(ShapeMismatchError);
});

test.each([
  [value('B', 'P', 12), ['B', 'P', 3, 4], [0, 0, 3, 4]],
  [value('B', 16, 12), ['V', 48], [-1, 48]],
  [value('B', 4, 12), ['B', 2, 2, 12], [0, 2, 2, 12]],
  [value(1, 'M', 12), ['M', 12], [-1, 12]],
])('finds the target of a reshape (%#)', (from, to, expected) => {
  expect(reshapeTarget('/n', from, to)).toEqual(expected);
});

test.each([
  [value('B', 'P', 12), ['B', 'P', 3, 5]],
  [value('B', 12), ['X', 'Y']],
  [value(4, 12), [3, 12]],
])('refuses a reshape that cannot be (%#)', (from, to) => {
  expect(() => reshapeTarget('/n', from, to)).toThrow(ShapeMismatchError);
});

test('asks for sizes that are known while building', () => {
  expect(sizeAt('/n', value('B', 8), -1)).toBe(8);
  expect(() => sizeAt('/n', value('B', 8), 0)).toThrow(/a fixed size on axis 0/);
  expect(() => sizeAt('/n', value('B', 8), 2)).toThrow(ShapeMismatchError);
});
