import { ShapeMismatchError, type WeightDtype } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { relativeError } from '../../test/compare.ts';
import { all } from '../../test/one-dtype.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { noise, noisyWeight, runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { createLowering } from '../lowering/lowering.ts';
import { linear } from './linear.ts';
import { product } from './product.ts';

const scope = new Scope('decoder', ['layer']);
const dtypes: readonly { readonly dtype: WeightDtype; readonly tolerance: number }[] = [
  { dtype: 'f32', tolerance: 1e-6 },
  { dtype: 'f16', tolerance: 1e-3 },
  { dtype: 'int8', tolerance: 0.02 },
  { dtype: 'int4', tolerance: 0.15 },
];

/** Shorter than a block, one block, several, and a last block that is not full. */
describe.each([5, 16, 64, 80, 200])('over %d inputs', (inputs) => {
  const outputs = 7;
  const x = noise(3 * inputs, 5);
  const weights = new Map([
    ['layer.weight', noisyWeight([outputs, inputs], 1)],
    ['layer.bias', noisyWeight([outputs], 2)],
    ['table.weight', noisyWeight([inputs, outputs], 3)],
  ]);

  test.each(dtypes)('a linear layer multiplies and adds its bias in $dtype', async ({ dtype, tolerance }) => {
    const { y } = await runLayer(
      { x: { data: x, dims: [1, 3, inputs], shape: [1, 'S', inputs] } },
      weights,
      (g, input) => ({ y: linear(g, input('x'), scope, { outputs, bias: true }) }),
      createLowering('cpu', all(dtype)),
    );
    const weight = weights.get('layer.weight')?.data ?? [];
    const bias = weights.get('layer.bias')?.data ?? [];
    const expected = times(x, inputs, outputs, (output, column) => weight[output * inputs + column] ?? 0).map(
      (value, index) => value + (bias[index % outputs] ?? 0),
    );
    expect(relativeError(floatsOf(y), expected)).toBeLessThan(tolerance);
  });

  test.each(dtypes)('a linear layer of plain rows does too in $dtype', async ({ dtype, tolerance }) => {
    const { y } = await runLayer(
      { x: { data: x, dims: [3, inputs], shape: ['M', inputs] } },
      weights,
      (g, input) => ({ y: linear(g, input('x'), scope, { outputs, bias: false }) }),
      createLowering('cpu', all(dtype)),
    );
    const weight = weights.get('layer.weight')?.data ?? [];
    const expected = times(x, inputs, outputs, (output, column) => weight[output * inputs + column] ?? 0);
    expect(relativeError(floatsOf(y), expected)).toBeLessThan(tolerance);
  });

  test.each(dtypes)('a table of rows multiplies in $dtype', async ({ dtype, tolerance }) => {
    const table = new Scope('decoder', ['table']);
    const { y } = await runLayer(
      { x: { data: x, dims: [3, inputs], shape: ['V', inputs] } },
      weights,
      (g, input) => {
        const weight = table.tensor('weight', [inputs, outputs]);
        return { y: product(g, input('x'), { weight, axes: 'in-out', bias: null }, table) };
      },
      createLowering('cpu', all(dtype)),
    );
    const weight = weights.get('table.weight')?.data ?? [];
    const expected = times(x, inputs, outputs, (output, column) => weight[column * outputs + output] ?? 0);
    expect(relativeError(floatsOf(y), expected)).toBeLessThan(tolerance);
  });
});

test('refuses a matrix of another height', async () => {
  const input = { x: { data: noise(8), dims: [1, 8] } };
  const weight = scope.tensor('weight', [3, 5]);
  const run = runLayer(input, new Map(), (g, value) => ({
    y: product(g, value('x'), { weight, axes: 'out-in', bias: null }, scope),
  }));
  await expect(run).rejects.toThrow(ShapeMismatchError);
});

function times(
  x: Float32Array,
  inputs: number,
  outputs: number,
  at: (output: number, column: number) => number,
): number[] {
  return Array.from({ length: (x.length / inputs) * outputs }, (_, index) => {
    const start = Math.floor(index / outputs) * inputs;
    return x
      .subarray(start, start + inputs)
      .reduce((sum, value, column) => sum + value * at(index % outputs, column), 0);
  });
}
