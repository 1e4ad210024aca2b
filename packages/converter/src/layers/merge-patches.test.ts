import { expect, test } from 'vitest';
import { floatsOf } from '../../test/floats-of.ts';
import { runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { mergeBlocks, mergeSquare } from './merge-patches.ts';

const scope = new Scope('vit', ['merge']);

test('joins blocks of neighbours, row by row inside a block', async () => {
  const data = Float32Array.from({ length: 2 * 16 }, (_, index) => index);
  const { y } = await runLayer({ x: { data, dims: [2, 16, 1], shape: ['B', 16, 1] } }, new Map(), (g, value) => ({
    y: mergeSquare(g, value('x'), scope, 4, 2),
  }));
  expect(y?.dims).toEqual([8, 4]);
  expect([...floatsOf(y)].slice(0, 8)).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
  expect([...floatsOf(y)].slice(16, 20)).toEqual([16, 17, 20, 21]);
});

test('fills up a side that the stride does not divide with zeros at the bottom and on the right', async () => {
  const data = Float32Array.from({ length: 9 }, (_, index) => index + 1);
  const { y } = await runLayer({ x: { data, dims: [1, 9, 1], shape: ['B', 9, 1] } }, new Map(), (g, value) => ({
    y: mergeSquare(g, value('x'), scope, 3, 2),
  }));
  expect([...floatsOf(y)]).toEqual([1, 2, 4, 5, 3, 0, 6, 0, 7, 8, 0, 0, 9, 0, 0, 0]);
});

test('keeps patches that come block by block in their order', async () => {
  const data = Float32Array.from({ length: 16 }, (_, index) => index);
  const { y } = await runLayer({ x: { data, dims: [1, 8, 2], shape: ['B', 'P', 2] } }, new Map(), (g, value) => ({
    y: mergeBlocks(g, value('x'), scope, 2),
  }));
  expect(y?.dims).toEqual([2, 8]);
  expect([...floatsOf(y)]).toEqual([...data]);
});
