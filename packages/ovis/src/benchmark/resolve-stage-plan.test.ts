import { InvalidArgumentError } from '@ovis/core';
import { expect, test } from 'vitest';
import { resolveStagePlan } from './resolve-stage-plan.ts';

test('default lengths are those that the model holds', () => {
  expect(resolveStagePlan({}, 32_768)).toMatchObject({ prefill: [256, 1024, 2048], decode: [64, 512, 2048] });
  expect(resolveStagePlan({}, 600)).toMatchObject({ prefill: [256], decode: [64, 512], steps: 16, repeat: 3 });
  expect(resolveStagePlan({}, 20)).toMatchObject({ prefill: [], decode: [], picture: true });
});

test('asked lengths are sorted and taken once', () => {
  expect(resolveStagePlan({ prefill: [90, 7, 90], decode: [] }, 100)).toMatchObject({ prefill: [7, 90], decode: [] });
});

test.each([
  ['a length beyond the context', { prefill: [100] }],
  ['no room for the steps', { decode: [90], steps: 10 }],
  ['a length of 0', { decode: [0] }],
  ['a fraction', { prefill: [1.5] }],
  ['no repetition', { repeat: 0 }],
  ['steps that are no number', { steps: Number.NaN }],
  ['a list without end', { prefill: Array.from({ length: 65 }, () => 1) }],
])('%s is refused', (_, plan) => {
  expect(() => resolveStagePlan(plan, 100)).toThrow(InvalidArgumentError);
});
