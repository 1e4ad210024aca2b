import { ModelFileError } from '@ovis/core';
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
import { all } from '../../test/one-dtype.ts';
import { referenceAttention } from '../../test/reference-attention.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { noise, runLayer } from '../../test/run-layer.ts';
import type { TargetDevice } from '../lowering/capabilities.ts';
import { headLayout } from '../lowering/head-size.ts';
import { createLowering } from '../lowering/lowering.ts';
import { groupedQueryAttention } from './grouped-query-attention.ts';

type Form = AttentionForm & {
  readonly device: TargetDevice;
  /** Default: as the device has it. */
  readonly streamedFrom?: number;
};

/** Multiples of 16, of 8, of 2; packed and separate projections; with and without norms. */
const forms: readonly Form[] = [
  { headSize: 16, norm: false, bias: true, device: 'cpu' },
  { headSize: 16, norm: true, bias: false, device: 'cpu' },
  { headSize: 16, norm: false, bias: false, device: 'webgpu' },
  { headSize: 32, norm: true, bias: false, device: 'webgpu' },
  { headSize: 24, norm: true, bias: false, device: 'cpu' },
  { headSize: 8, norm: false, bias: true, device: 'cpu' },
  { headSize: 12, norm: true, bias: true, device: 'cpu' },
  { headSize: 10, norm: false, bias: false, device: 'webgpu' },
  // A part of the head is rotated, by the operator and before it.
  { headSize: 64, norm: true, bias: false, device: 'cpu', rotarySize: 16 },
  { headSize: 256, norm: true, bias: false, device: 'webgpu', rotarySize: 64 },
  { headSize: 32, norm: false, bias: false, device: 'cpu', rotarySize: 8 },
  { headSize: 24, norm: false, bias: false, device: 'cpu', rotarySize: 12 },
  // The last three positions, and capped scores.
  { headSize: 16, norm: false, bias: false, device: 'cpu', window: 3 },
  { headSize: 16, norm: false, bias: false, device: 'cpu', window: 1, softCap: 0.5 },
  { headSize: 24, norm: false, bias: false, device: 'cpu', window: 6, softCap: 0.2 },
];

describe.each(forms)(
  'heads of $headSize (norm $norm, bias $bias, $device, rotary $rotarySize, window $window)',
  (form) => {
    const weights = attentionWeights(form);
    const x = noise(7 * sizes.width, 9);
    const expected = referenceAttention(x, weights, { ...sizes, ...form });
    const outputWidth = sizes.heads * form.headSize;

    test('attends as the formula says, at first and after a past', async () => {
      const { storedSize } = headLayout(form.headSize, form.rotarySize);
      const empty = new Float32Array(sizes.keyValueHeads * sizes.capacity * storedSize);
      const prompt = await run(form, weights, x.slice(0, 5 * sizes.width), 5, empty, empty);
      expect(largestDifference(floatsOf(prompt['attended']), expected.slice(0, 5 * outputWidth))).toBeLessThan(1e-5);
      const [key, value] = [floatsOf(prompt['present_key']), floatsOf(prompt['present_value'])];
      const step = await run(form, weights, x.slice(5 * sizes.width), 7, key, value);
      expect(largestDifference(floatsOf(step['attended']), expected.slice(5 * outputWidth))).toBeLessThan(1e-5);
    });

    test.runIf(form.device === 'cpu')('attends the same where a single position streams the cache', async () => {
      const { storedSize } = headLayout(form.headSize, form.rotarySize);
      let key: Float32Array = new Float32Array(sizes.keyValueHeads * sizes.capacity * storedSize);
      let value = key;
      for (const [start, end] of [
        [0, 1],
        [1, 4],
        [4, 5],
        [5, 6],
        [6, 7],
      ] as const) {
        const rows = x.slice(start * sizes.width, end * sizes.width);
        const results = await run({ ...form, streamedFrom: 5 }, weights, rows, end, key, value);
        const wanted = expected.slice(start * outputWidth, end * outputWidth);
        expect(largestDifference(floatsOf(results['attended']), wanted)).toBeLessThan(1e-5);
        [key, value] = [floatsOf(results['present_key']), floatsOf(results['present_value'])];
      }
    });
  },
);

test('refuses heads that cannot be halved', () => {
  expect(() => headLayout(15)).toThrow(ModelFileError);
});

function run(
  form: Form,
  weights: ReturnType<typeof attentionWeights>,
  x: Float32Array,
  total: number,
  pastKey: Float32Array,
  pastValue: Float32Array,
) {
  const { headSize, device, rotarySize, streamedFrom } = form;
  const { storedSize } = headLayout(headSize, rotarySize);
  const lowering = createLowering(device, all('f32'));
  const streaming = { ...lowering.capabilities, streamedAttentionFrom: streamedFrom ?? null };
  const inputs = { ...newPositions(x, total), key: past(pastKey, storedSize), value: past(pastValue, storedSize) };
  return runLayer(
    inputs,
    weights,
    (g, input) => {
      const { attended, present } = groupedQueryAttention(g, projected(g, input('x'), form), scope, {
        ...attentionOptions(g, input, form),
        past: { key: input('key'), value: input('value') },
      });
      return { attended, present_key: present.key, present_value: present.value };
    },
    streamedFrom === undefined ? lowering : { ...lowering, capabilities: streaming },
  );
}
