import { ShapeMismatchError, type Dim } from '@ovis/core';
import { expect, test } from 'vitest';
import { all } from '../../test/one-dtype.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import { createLowering } from '../lowering/lowering.ts';
import { multiHeadAttention } from './multi-head-attention.ts';
import { rotaryEmbedding } from './rotary-embedding.ts';

const scope = new Scope('vit', ['attention']);
const g = new GraphBuilder('test', createLowering('cpu', all('f32')));
const input = (name: string, ...shape: Dim[]) => g.input(name, { dtype: 'float32', shape });
const x = input('x', 'B', 'P', 12);

test('attention refuses widths that its heads do not share evenly', () => {
  expect(multiHeadAttention(g, { query: x, key: x, value: x }, scope, 3).shape).toEqual(['B', 'P', 12]);
  expect(() => multiHeadAttention(g, { query: x, key: x, value: x }, scope, 5)).toThrow(/that 5 heads share evenly/);
});

test('attention refuses keys and values of other shapes', () => {
  const other = input('other', 'B', 'Q', 12);
  expect(() => multiHeadAttention(g, { query: x, key: other, value: x }, scope, 3)).toThrow(ShapeMismatchError);
});

test('rotary positions refuse tables of another head size', () => {
  const cosines = input('cosines', 'P', 2);
  const start = g.integers([0]);
  expect(rotaryEmbedding(g, x, scope, { cosines, sines: cosines }, { heads: 3, start }).shape).toEqual(['B', 'P', 12]);
  const wide = input('wide', 'P', 3);
  const rotate = () => rotaryEmbedding(g, x, scope, { cosines, sines: wide }, { heads: 3, start });
  expect(rotate).toThrow(/a table \[positions, at most 2\]/);
});
