import { describe, expect, test } from 'vitest';
import {
  attentionOptions,
  attentionWeights,
  newPositions,
  past,
  projected,
  scope,
  sizes,
  type AttentionForm,
} from '../../test/attention-layer.ts';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { all } from '../../test/one-dtype.ts';
import { referenceAttention } from '../../test/reference-attention.ts';
import { noise, runLayer } from '../../test/run-layer.ts';
import { headLayout } from '../lowering/head-size.ts';
import { createLowering } from '../lowering/lowering.ts';
import { compressedAttention } from './compressed-attention.ts';

type Cache = { readonly codes: Int8Array; readonly scales: Float32Array };

const forms: readonly AttentionForm[] = [
  { headSize: 16, norm: false, bias: false },
  { headSize: 12, norm: true, bias: false },
  { headSize: 16, norm: false, bias: false, window: 3, softCap: 0.5 },
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

function emptyCache({ headSize }: AttentionForm): Cache {
  const rows = sizes.keyValueHeads * sizes.capacity;
  return { codes: new Int8Array(rows * headLayout(headSize).storedSize), scales: new Float32Array(rows) };
}

function cacheOf(results: Awaited<ReturnType<typeof runLayer>>, part: string): Cache {
  const codes = results[`${part}_codes`]?.data;
  if (!(codes instanceof Int8Array)) throw new Error('Codes should be int8.');
  return { codes, scales: floatsOf(results[`${part}_scales`]) };
}

function run(
  form: AttentionForm,
  weights: ReturnType<typeof attentionWeights>,
  x: Float32Array,
  total: number,
  key: Cache,
  value: Cache,
) {
  const { storedSize } = headLayout(form.headSize);
  const inputs = {
    ...newPositions(x, total),
    key: past(key.codes, storedSize),
    key_scale: past(key.scales, 1),
    value: past(value.codes, storedSize),
    value_scale: past(value.scales, 1),
  };
  return runLayer(
    inputs,
    weights,
    (g, input) => {
      const { attended, present } = compressedAttention(g, projected(g, input('x'), form), scope, {
        ...attentionOptions(g, input, form),
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
