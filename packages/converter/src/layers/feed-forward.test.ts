import { expect, test } from 'vitest';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { noise, noisyWeight, runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { gatedMlp } from './gated-mlp.ts';
import { mlp } from './mlp.ts';

const [width, inner] = [6, 10];
const x = noise(2 * width, 4);
const input = { x: { data: x, dims: [1, 2, width], shape: [1, 'S', width] } };
const weights = new Map([
  ['mlp.fc1.weight', noisyWeight([inner, width], 1)],
  ['mlp.fc1.bias', noisyWeight([inner], 2)],
  ['mlp.fc2.weight', noisyWeight([width, inner], 3)],
  ['mlp.fc2.bias', noisyWeight([width], 4)],
  ['mlp.fc3.weight', noisyWeight([inner, width], 5)],
  ['mlp.fc3.bias', noisyWeight([inner], 6)],
]);
const scope = new Scope('vit', ['mlp']);

test('a gated feed-forward multiplies silu of the gate with the rest', async () => {
  const options = { gate: 'fc1', up: 'fc3', down: 'fc2', feedForwardSize: inner, bias: true };
  const { y } = await runLayer(input, weights, (g, value) => ({ y: gatedMlp(g, value('x'), scope, options) }));
  const expected = [0, 1].flatMap((row) => {
    const values = [...x.subarray(row * width, (row + 1) * width)];
    const up = layer('fc3', values);
    const gated = layer('fc1', values).map((gate, index) => (gate / (1 + Math.exp(-gate))) * (up[index] ?? 0));
    return layer('fc2', gated);
  });
  expect(largestDifference(floatsOf(y), expected)).toBeLessThan(1e-5);
});

test.each([
  ['gelu', 'GELU by tanh', gelu],
  ['quickGelu', 'the quick GELU of CLIP', quickGelu],
] as const)('a plain feed-forward takes %s, %s', async (activation, _, expectedOf) => {
  const options = { feedForwardSize: inner, activation };
  const { y } = await runLayer(input, weights, (g, value) => ({ y: mlp(g, value('x'), scope, options) }));
  const expected = [0, 1].flatMap((row) =>
    layer('fc2', layer('fc1', [...x.subarray(row * width, (row + 1) * width)]).map(expectedOf)),
  );
  expect(largestDifference(floatsOf(y), expected)).toBeLessThan(1e-5);
});

function layer(name: string, values: readonly number[]): number[] {
  const weight = weights.get(`mlp.${name}.weight`)?.data ?? new Float32Array();
  const bias = weights.get(`mlp.${name}.bias`)?.data ?? new Float32Array();
  return Array.from(bias, (start, output) =>
    values.reduce((sum, value, column) => sum + value * (weight[output * values.length + column] ?? 0), start),
  );
}

function gelu(t: number): number {
  return 0.5 * t * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (t + 0.044715 * t ** 3)));
}

function quickGelu(t: number): number {
  return t / (1 + Math.exp(-1.702 * t));
}
