import { describe, expect, test } from 'vitest';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { all } from '../../test/one-dtype.ts';
import { referenceAttention } from '../../test/reference-attention.ts';
import { noise, noisyWeight, runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { headLayout } from '../lowering/head-size.ts';
import { createLowering } from '../lowering/lowering.ts';
import { compressedAttention } from './compressed-attention.ts';
import { namedProjections, queryKeyValue } from './query-key-value.ts';
import { rotaryTables } from './rotary-tables.ts';

const scope = new Scope('decoder', ['attention']);
const sizes = { width: 20, heads: 4, keyValueHeads: 2, capacity: 9, theta: 10_000 };

type Form = {
  readonly headSize: number;
  readonly norm: boolean;
  readonly window?: number;
  readonly softCap?: number;
};
type Cache = { readonly codes: Int8Array; readonly scales: Float32Array };

const forms: readonly Form[] = [
  { headSize: 16, norm: false },
  { headSize: 12, norm: true },
  { headSize: 16, norm: false, window: 3, softCap: 0.5 },
];

describe.each(forms)('a cache of 8 bits, heads of $headSize (norm $norm, window $window)', (form) => {
  const weights = attentionWeights(form);
  const x = noise(7 * sizes.width, 9);
  const expected = referenceAttention(x, weights, { ...sizes, ...form });
  const outputWidth = sizes.heads * form.headSize;

  test.each([{ steps: [5, 6, 7] }, { steps: [1, 2, 3, 4, 5, 6, 7] }, { steps: [2, 5, 7] }])(
    'attends to what it rounded almost as the formula says, up to $steps',
    async ({ steps }) => {
      let [key, value] = [emptyCache(form), emptyCache(form)];
      for (const [index, end] of steps.entries()) {
        const start = steps[index - 1] ?? 0;
        const rows = x.slice(start * sizes.width, end * sizes.width);
        const results = await run(form, weights, rows, end, key, value);
        const wanted = expected.slice(start * outputWidth, end * outputWidth);
        const largest = wanted.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
        expect(largestDifference(floatsOf(results['attended']), wanted)).toBeLessThan(0.02 * largest);
        [key, value] = [cacheOf(results, 'key'), cacheOf(results, 'value')];
      }
      // Every row uses the whole range, and room that is left is untouched.
      const { storedSize } = headLayout(form.headSize);
      const largestCodes = Array.from({ length: sizes.keyValueHeads * sizes.capacity }, (_, row) =>
        key.codes
          .slice(row * storedSize, (row + 1) * storedSize)
          .reduce((most, code) => Math.max(most, Math.abs(code)), 0),
      );
      const used = Array.from({ length: sizes.capacity }, (_, position) => (position < 7 ? 127 : 0));
      expect(largestCodes).toEqual([...used, ...used]);
      expect(value.scales.filter((scale) => scale !== 0)).toHaveLength(7 * sizes.keyValueHeads);
    },
  );
});

function attentionWeights({ headSize, norm }: Form) {
  const { width, heads, keyValueHeads } = sizes;
  const counts = { q: heads, k: keyValueHeads, v: keyValueHeads };
  const weights = new Map<string, ReturnType<typeof noisyWeight>>();
  Object.entries(counts).forEach(([name, count], seed) => {
    weights.set(`attention.${name}_proj.weight`, noisyWeight([count * headSize, width], seed + 1));
    if (norm && name !== 'v') weights.set(`attention.${name}_norm.weight`, noisyWeight([headSize], seed + 21));
  });
  return weights;
}

function emptyCache({ headSize }: Form): Cache {
  const rows = sizes.keyValueHeads * sizes.capacity;
  return { codes: new Int8Array(rows * headLayout(headSize).storedSize), scales: new Float32Array(rows) };
}

function cacheOf(results: Awaited<ReturnType<typeof runLayer>>, part: string): Cache {
  const codes = results[`${part}_codes`]?.data;
  if (!(codes instanceof Int8Array)) throw new Error('Codes should be int8.');
  return { codes, scales: floatsOf(results[`${part}_scales`]) };
}

function run(
  { headSize, norm, window, softCap }: Form,
  weights: ReturnType<typeof attentionWeights>,
  x: Float32Array,
  total: number,
  key: Cache,
  value: Cache,
) {
  const { width, heads, keyValueHeads, capacity, theta } = sizes;
  const { storedSize } = headLayout(headSize);
  const past = (data: Int8Array | Float32Array, size: number) => ({
    data,
    dims: [1, keyValueHeads, capacity, size],
    shape: [1, keyValueHeads, 'past', size],
  });
  const inputs = {
    x: { data: x, dims: [1, x.length / width, width], shape: [1, 'S', width] },
    last: { data: Int32Array.of(total - 1), dims: [1] },
    total: { data: Int32Array.of(total), dims: [1] },
    key: past(key.codes, storedSize),
    key_scale: past(key.scales, 1),
    value: past(value.codes, storedSize),
    value_scale: past(value.scales, 1),
  };
  return runLayer(
    inputs,
    weights,
    (g, input) => {
      const widths = { query: heads * headSize, keyValue: keyValueHeads * headSize };
      const projected = queryKeyValue(g, input('x'), scope, namedProjections(scope, width, widths, false));
      const table = { rotarySize: headSize, positions: 16, theta, scaling: { kind: 'none' } } as const;
      const { attended, present } = compressedAttention(g, projected, scope, {
        heads,
        keyValueHeads,
        headSize,
        headNorm: norm ? { epsilon: 1e-6, offset: 0 } : null,
        scale: headSize ** -0.5,
        softCap: softCap ?? null,
        window: window ?? null,
        rotary: rotaryTables(g, scope.child('rotary'), table),
        lastPosition: input('last'),
        totalLength: input('total'),
        past: {
          key: { codes: input('key'), scales: input('key_scale') },
          value: { codes: input('value'), scales: input('value_scale') },
        },
      });
      return {
        attended,
        key_codes: present.key.codes,
        key_scales: present.key.scales,
        value_codes: present.value.codes,
        value_scales: present.value.scales,
      };
    },
    createLowering('cpu', all('f32'), { keyValues: 'int8' }),
  );
}
