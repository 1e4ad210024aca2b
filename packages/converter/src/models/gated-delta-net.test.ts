import { expect, test } from 'vitest';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { languageOf } from '../../test/language-fixtures.ts';
import { noise, noisyWeight, runLayer } from '../../test/run-layer.ts';
import type { Value } from '../graph/value.ts';
import { Scope } from '../graph/scope.ts';
import { gatedDeltaNet } from './gated-delta-net.ts';

const [width, length] = [12, 5];
const scope = new Scope('decoder', ['net']);

/** As the fixtures have them, and with heads as large as released ones. */
const forms = [
  { keyHeads: 1, valueHeads: 3, keyHeadSize: 4, valueHeadSize: 6, kernelSize: 3 },
  { keyHeads: 2, valueHeads: 4, keyHeadSize: 128, valueHeadSize: 128, kernelSize: 4 },
];

test.each(forms)('computes the recurrence of $valueHeads heads of $keyHeadSize', async (sizes) => {
  const { keyHeads, valueHeads, keyHeadSize, valueHeadSize, kernelSize } = sizes;
  const [keys, values] = [keyHeads * keyHeadSize, valueHeads * valueHeadSize];
  const shapes = {
    'in_proj_qkvz.weight': [2 * keys + 2 * values, width],
    'in_proj_ba.weight': [2 * valueHeads, width],
    'conv1d.weight': [2 * keys + values, 1, kernelSize],
    A_log: [valueHeads],
    dt_bias: [valueHeads],
    'norm.weight': [valueHeadSize],
    'out_proj.weight': [width, values],
  };
  const weights = new Map(
    Object.entries(shapes).map(([name, shape], seed) => [`net.${name}`, noisyWeight(shape, seed + 71)]),
  );
  const x = noise(length * width, 81);
  const config = { ...languageOf('ovis2.6-next-tiny'), hiddenSize: width, linearAttention: sizes };
  const zeros = (shape: readonly number[]) => ({
    data: new Float32Array(shape.reduce((size, dim) => size * dim, 1)),
    dims: shape,
  });
  const inputs = {
    x: { data: x, dims: [1, length, width], shape: [1, 'S', width] },
    convolution: zeros([1, 2 * keys + values, kernelSize - 1]),
    memory: zeros([1, valueHeads, keyHeadSize, valueHeadSize]),
  };
  const { y, present_memory: memory } = await runLayer(inputs, weights, (g, value) => {
    const kept = new Map<string, Value>();
    const result = gatedDeltaNet(g, value('x'), scope, {
      index: 0,
      config,
      rotary: { cosines: value('x'), sines: value('x') }, // a delta net has no positions
      lastPosition: value('x'),
      totalLength: value('x'),
      state: (part) => ({ past: value(part), keep: (present) => kept.set(part, present) }),
    });
    const [present, convolved] = [kept.get('memory'), kept.get('convolution')];
    if (!present || !convolved) throw new Error('A state was not kept.');
    return { y: result, present_memory: present, present_convolution: convolved };
  });
  const expected = reference(x, (name) => [...(weights.get(`net.${name}`)?.data ?? [])], sizes);
  expect(largestDifference(floatsOf(memory), expected.memory)).toBeLessThan(1e-4);
  expect(largestDifference(floatsOf(y), expected.y)).toBeLessThan(1e-3);
});

/** Position by position, from the formulas, in float64. */
function reference(x: Float32Array, weight: (name: string) => number[], sizes: (typeof forms)[number]) {
  const { keyHeads, valueHeads, keyHeadSize: dk, valueHeadSize: dv, kernelSize } = sizes;
  const perKey = valueHeads / keyHeads;
  const group = 2 * dk + 2 * perKey * dv;
  const memory = Array.from({ length: valueHeads * dk * dv }, () => 0);
  const past: number[][] = [];
  const y: number[] = [];
  for (let position = 0; position < length; position++) {
    const row = [...x.subarray(position * width, (position + 1) * width)];
    const projected = product(weight('in_proj_qkvz.weight'), row);
    const rates = product(weight('in_proj_ba.weight'), row);
    const part = (start: number, size: number) =>
      Array.from({ length: keyHeads }, (_, key) =>
        projected.slice(key * group + start, key * group + start + size),
      ).flat();
    past.push([...part(0, dk), ...part(dk, dk), ...part(2 * dk, perKey * dv)]);
    const gate = part(2 * dk + perKey * dv, perKey * dv);
    const kernel = weight('conv1d.weight');
    const mixed = (past.at(-1) ?? []).map((_, channel) => {
      const taps = Array.from({ length: kernelSize }, (__, tap) => {
        const seen = past[position - kernelSize + 1 + tap]?.[channel] ?? 0;
        return seen * (kernel[channel * kernelSize + tap] ?? 0);
      });
      return silu(taps.reduce((sum, value) => sum + value, 0));
    });
    const heads = Array.from({ length: valueHeads }, (_, head) => {
      const key = Math.floor(head / perKey);
      const query = unit(mixed.slice(key * dk, (key + 1) * dk));
      const keyed = unit(mixed.slice((keyHeads + key) * dk, (keyHeads + key + 1) * dk));
      const valueStart = 2 * keyHeads * dk + head * dv;
      const b = rates[key * 2 * perKey + (head % perKey)] ?? 0;
      const a = rates[key * 2 * perKey + perKey + (head % perKey)] ?? 0;
      const decay = Math.exp(
        -Math.exp(weight('A_log')[head] ?? 0) * Math.log1p(Math.exp(a + (weight('dt_bias')[head] ?? 0))),
      );
      const beta = 1 / (1 + Math.exp(-b));
      return Array.from({ length: dv }, (__, channel) => {
        const at = (index: number) => (head * dk + index) * dv + channel;
        const decayed = keyed.map((_k, index) => (memory[at(index)] ?? 0) * decay);
        const recalled = keyed.reduce((sum, k, index) => sum + k * (decayed[index] ?? 0), 0);
        const written = beta * ((mixed[valueStart + channel] ?? 0) - recalled);
        keyed.forEach((k, index) => (memory[at(index)] = (decayed[index] ?? 0) + k * written));
        return query.reduce((sum, q, index) => sum + q * (memory[at(index)] ?? 0), 0) / Math.sqrt(dk);
      });
    });
    const gated = heads.flatMap((head, index) => {
      const size = Math.sqrt(head.reduce((sum, value) => sum + value * value, 0) / dv + 1e-6);
      return head.map(
        (value, channel) =>
          (value / size) * (weight('norm.weight')[channel] ?? 0) * silu(gate[index * dv + channel] ?? 0),
      );
    });
    y.push(...product(weight('out_proj.weight'), gated));
  }
  return { y, memory };
}

function product(matrix: readonly number[], row: readonly number[]): number[] {
  return Array.from({ length: matrix.length / row.length }, (_, output) =>
    row.reduce((sum, value, index) => sum + value * (matrix[output * row.length + index] ?? 0), 0),
  );
}

function unit(values: readonly number[]): number[] {
  const size = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) + 1e-6);
  return values.map((value) => value / size);
}

function silu(value: number): number {
  return value / (1 + Math.exp(-value));
}
