import { expect, test } from 'vitest';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { noise, noisyWeight, runLayer } from '../../test/run-layer.ts';
import { all } from '../../test/one-dtype.ts';
import { Scope } from '../graph/scope.ts';
import { createLowering } from '../lowering/lowering.ts';
import { sparseExperts } from './sparse-experts.ts';

const [width, inner, count, positions] = [6, 5, 7, 4];
const config = { count, chosen: 3, feedForwardSize: inner, renormalise: true, sharedFeedForwardSize: null };
const x = noise(positions * width, 11).map((value) => value * 3);
const input = { x: { data: x, dims: [1, positions, width], shape: [1, 'S', width] } };
const scope = new Scope('decoder', ['mlp']);
const router = noisyWeight([count, width], 21);
const weights = new Map([
  ['mlp.gate.weight', router],
  ...Array.from({ length: count }, (_, expert) => [
    [`mlp.experts.${expert}.gate_proj.weight`, noisyWeight([inner, width], 31 + expert)] as const,
    [`mlp.experts.${expert}.up_proj.weight`, noisyWeight([inner, width], 41 + expert)] as const,
    [`mlp.experts.${expert}.down_proj.weight`, noisyWeight([width, inner], 51 + expert)] as const,
  ]).flat(),
  ['mlp.shared_expert.gate_proj.weight', noisyWeight([4, width], 61)],
  ['mlp.shared_expert.up_proj.weight', noisyWeight([4, width], 62)],
  ['mlp.shared_expert.down_proj.weight', noisyWeight([width, 4], 63)],
  ['mlp.shared_expert_gate.weight', noisyWeight([1, width], 64)],
]);

test.each([true, false])('adds up the experts that the router chose (renormalise: %s)', async (renormalise) => {
  const { y } = await runLayer(input, weights, (g, value) => ({
    y: sparseExperts(g, value('x'), scope, { ...config, renormalise }),
  }));
  expect(
    largestDifference(
      floatsOf(y),
      rowsOf(x).flatMap((row) => routed(row, renormalise)),
    ),
  ).toBeLessThan(1e-5);
});

test('gives the same where all experts are computed, to spare a device the control flow', async () => {
  const lowering = createLowering('webgpu', all('f32'));
  const { y } = await runLayer(
    input,
    weights,
    (g, value) => ({ y: sparseExperts(g, value('x'), scope, config) }),
    lowering,
  );
  expect(
    largestDifference(
      floatsOf(y),
      rowsOf(x).flatMap((row) => routed(row, true)),
    ),
  ).toBeLessThan(1e-5);
});

test('adds the shared expert, as far as its own gate lets it', async () => {
  const { y } = await runLayer(input, weights, (g, value) => ({
    y: sparseExperts(g, value('x'), scope, { ...config, sharedFeedForwardSize: 4 }),
  }));
  const expected = rowsOf(x).flatMap((row) => {
    const gate = sigmoid(product('mlp.shared_expert_gate.weight', row)[0] ?? 0);
    const shared = swiglu('mlp.shared_expert', row);
    return routed(row, true).map((value, index) => value + gate * (shared[index] ?? 0));
  });
  expect(largestDifference(floatsOf(y), expected)).toBeLessThan(1e-5);
});

test('does not touch the weights of experts that no position chose', async () => {
  const [row = []] = rowsOf(x);
  const idle = Array.from({ length: count }, (_, expert) => expert).filter((expert) => !chosenBy(row).includes(expert));
  const broken = new Map(weights);
  for (const expert of idle) {
    const name = `mlp.experts.${expert}.down_proj.weight`;
    broken.set(name, { shape: [width, inner], data: new Float32Array(width * inner).fill(Number.NaN) });
  }
  const one = { x: { data: Float32Array.from(row), dims: [1, 1, width], shape: [1, 'S', width] } };
  const { y } = await runLayer(one, broken, (g, value) => ({ y: sparseExperts(g, value('x'), scope, config) }));
  expect(largestDifference(floatsOf(y), routed(row, true))).toBeLessThan(1e-5);
});

function rowsOf(values: Float32Array): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width)),
  );
}

function probabilities(row: readonly number[]): number[] {
  const scores = product('mlp.gate.weight', row).map(Math.exp);
  const whole = scores.reduce((sum, score) => sum + score, 0);
  return scores.map((score) => score / whole);
}

function chosenBy(row: readonly number[]): number[] {
  const chances = probabilities(row);
  return chances
    .map((_, expert) => expert)
    .toSorted((a, b) => (chances[b] ?? 0) - (chances[a] ?? 0))
    .slice(0, config.chosen);
}

function routed(row: readonly number[], renormalise: boolean): number[] {
  const chances = probabilities(row);
  const chosen = chosenBy(row);
  const whole = renormalise ? chosen.reduce((sum, expert) => sum + (chances[expert] ?? 0), 0) : 1;
  const parts = chosen.map((expert) => ({
    weight: (chances[expert] ?? 0) / whole,
    values: swiglu(`mlp.experts.${expert}`, row),
  }));
  return row.map((_, index) => parts.reduce((sum, { weight, values }) => sum + weight * (values[index] ?? 0), 0));
}

function swiglu(place: string, row: readonly number[]): number[] {
  const up = product(`${place}.up_proj.weight`, row);
  const gated = product(`${place}.gate_proj.weight`, row).map((gate, index) => gate * sigmoid(gate) * (up[index] ?? 0));
  return product(`${place}.down_proj.weight`, gated);
}

function product(name: string, row: readonly number[]): number[] {
  const { shape, data } = weights.get(name) ?? { shape: [0], data: new Float32Array() };
  return Array.from({ length: shape[0] ?? 0 }, (_, output) =>
    row.reduce((sum, value, index) => sum + value * (data[output * row.length + index] ?? 0), 0),
  );
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
