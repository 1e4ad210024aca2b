import { ShapeMismatchError } from '@ovis/core';
import { expect, test } from 'vitest';
import { all } from '../../test/one-dtype.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { TargetDevice } from '../lowering/capabilities.ts';
import { createLowering } from '../lowering/lowering.ts';
import { namedProjections, queryKeyValue } from './query-key-value.ts';

const scope = new Scope('decoder', ['attention']);

function project(device: TargetDevice, bias: boolean) {
  const g = new GraphBuilder('test', createLowering(device, all('f32')));
  const x = g.input('x', { dtype: 'float32', shape: [1, 'S', 6] });
  return queryKeyValue(g, x, scope, namedProjections(scope, 6, { query: 8, keyValue: 4 }, bias));
}

test.each([
  { device: 'cpu', bias: false, kind: 'packed' },
  { device: 'cpu', bias: true, kind: 'packed' },
  { device: 'webgpu', bias: true, kind: 'packed' },
  { device: 'webgpu', bias: false, kind: 'separate' },
] as const)('projections on $device with bias $bias are $kind', ({ device, bias, kind }) => {
  const projected = project(device, bias);
  expect(projected.kind).toBe(kind);
  const parts = projected.kind === 'packed' ? [projected.packed] : [projected.query, projected.key, projected.value];
  expect(parts.map(({ shape }) => shape.at(-1))).toEqual(kind === 'packed' ? [16] : [8, 4, 4]);
});

test('refuses biases on only some of the three', () => {
  const g = new GraphBuilder('test', createLowering('cpu', all('f32')));
  const x = g.input('x', { dtype: 'float32', shape: [1, 'S', 6] });
  const { query, key, value } = namedProjections(scope, 6, { query: 8, keyValue: 4 }, true);
  const some = { query, key, value: { ...value, bias: null } };
  expect(() => queryKeyValue(g, x, scope, some)).toThrow(ShapeMismatchError);
});
