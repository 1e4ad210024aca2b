import { expect, test } from 'vitest';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { noise, noisyWeight, runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { headNorm, layerNorm, rmsNorm } from './norms.ts';

const size = 12;
const x = noise(3 * size, 4);
const weights = new Map([
  ['norm.weight', noisyWeight([size], 1)],
  ['norm.bias', noisyWeight([size], 2)],
  ['head.weight', noisyWeight([4], 3)],
]);
const input = { x: { data: x, dims: [1, 3, size], shape: [1, 'S', size] } };
const scope = new Scope('decoder', ['norm']);

test('divides by the root mean square', async () => {
  const { y } = await runLayer(input, weights, (g, value) => ({ y: rmsNorm(g, value('x'), scope, 1e-5) }));
  expect(largestDifference(floatsOf(y), scaled(x, size, weights.get('norm.weight')?.data))).toBeLessThan(1e-5);
});

test('divides each head by its own root mean square', async () => {
  const heads = new Scope('decoder', ['head']);
  const { y } = await runLayer(input, weights, (g, value) => ({
    y: headNorm(g, value('x'), heads, { heads: 3, epsilon: 1e-5 }),
  }));
  expect(largestDifference(floatsOf(y), scaled(x, 4, weights.get('head.weight')?.data))).toBeLessThan(1e-5);
});

test('takes the mean away and divides by the deviation', async () => {
  const { y } = await runLayer(input, weights, (g, value) => ({ y: layerNorm(g, value('x'), scope, 1e-5) }));
  const centred = Float32Array.from(x, (value, index) => {
    const start = index - (index % size);
    return value - x.subarray(start, start + size).reduce((sum, other) => sum + other, 0) / size;
  });
  const bias = weights.get('norm.bias')?.data ?? new Float32Array();
  const expected = scaled(centred, size, weights.get('norm.weight')?.data).map(
    (value, index) => value + (bias[index % size] ?? 0),
  );
  expect(largestDifference(floatsOf(y), expected)).toBeLessThan(1e-5);
});

function scaled(values: Float32Array, group: number, weight: Float32Array | undefined): Float32Array {
  return values.map((value, index) => {
    const start = index - (index % group);
    const square = values.subarray(start, start + group).reduce((sum, other) => sum + other ** 2, 0) / group;
    return (value / Math.sqrt(square + 1e-5)) * (weight?.[index % group] ?? 0);
  });
}
