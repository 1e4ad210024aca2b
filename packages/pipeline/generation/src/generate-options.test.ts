import { InvalidArgumentError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { resolveGenerateOptions, type GenerateOptions } from './generate-options.ts';

const limits = { vocabularySize: 1000, stopTokens: [7] };
const thinking = { budget: 5, endToken: 9, earlyStopIds: [1, 2] };

describe('resolveGenerateOptions', () => {
  test('has defaults for everything', () => {
    const { maxNewTokens, sampler, stopTokens, thinking: none, signal } = resolveGenerateOptions({}, limits);
    expect({ maxNewTokens, stopTokens: [...stopTokens], none, signal }).toEqual({
      maxNewTokens: 512,
      stopTokens: [7],
      none: null,
      signal: undefined,
    });
    expect(sampler).toMatchObject({ temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 });
  });

  test('takes the ends of every range', () => {
    const least = { maxNewTokens: 1, temperature: 0, topK: 0, topP: 1e-6, minP: 0, repetitionPenalty: 1e-6, seed: 0 };
    const most = {
      maxNewTokens: 1_000_000,
      temperature: 100,
      topK: 1e9,
      topP: 1,
      minP: 1,
      repetitionPenalty: 100,
      seed: Number.MAX_SAFE_INTEGER,
      stopTokens: [],
      thinking,
    };
    for (const options of [least, most]) expect(() => resolveGenerateOptions(options, limits)).not.toThrow();
  });

  test('draws differently each time unless there is a seed', () => {
    const draw = (options: GenerateOptions) => resolveGenerateOptions(options, limits).sampler.random();
    expect(draw({})).not.toBe(draw({}));
    expect(draw({ seed: 5 })).toBe(draw({ seed: 5 }));
  });

  test.each<[string, GenerateOptions]>([
    ['maxNewTokens', { maxNewTokens: 0 }],
    ['maxNewTokens', { maxNewTokens: 1.5 }],
    ['maxNewTokens', { maxNewTokens: Infinity }],
    ['temperature', { temperature: -0.1 }],
    ['temperature', { temperature: Number.NaN }],
    ['temperature', { temperature: 1e9 }],
    ['temperature', { temperature: '1' as unknown as number }],
    ['topK', { topK: -1 }],
    ['topK', { topK: 0.5 }],
    ['topP', { topP: 0 }],
    ['topP', { topP: 1.01 }],
    ['topP', { topP: Number.NaN }],
    ['minP', { minP: -0.01 }],
    ['minP', { minP: 2 }],
    ['repetitionPenalty', { repetitionPenalty: 0 }],
    ['repetitionPenalty', { repetitionPenalty: -1 }],
    ['repetitionPenalty', { repetitionPenalty: Infinity }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 0.1 }],
    ['seed', { seed: 2 ** 60 }],
    ['stopTokens', { stopTokens: [1000] }],
    ['stopTokens', { stopTokens: [1, -2] }],
    ['stopTokens', { stopTokens: 5 as unknown as number[] }],
    ['thinking.budget', { thinking: { ...thinking, budget: 0 } }],
    ['thinking.endToken', { thinking: { ...thinking, endToken: 1000 } }],
    ['thinking.earlyStopIds', { thinking: { ...thinking, earlyStopIds: [Number.NaN] } }],
  ])('names %s when it is out of range: %j', (option, options) => {
    const resolve = () => resolveGenerateOptions(options, limits);
    expect(resolve).toThrow(InvalidArgumentError);
    expect(resolve).toThrow(`Option ${option} is `);
  });
});
