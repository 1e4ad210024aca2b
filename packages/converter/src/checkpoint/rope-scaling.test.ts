import { ModelFileError } from '@ovis/core';
import { expect, test } from 'vitest';
import { parseRopeScaling } from './rope-scaling.ts';

test.each([
  [null, { kind: 'none' }],
  [undefined, { kind: 'none' }],
  [{ rope_type: 'default' }, { kind: 'none' }],
  [
    { type: 'linear', factor: 2 },
    { kind: 'linear', factor: 2 },
  ],
  [
    {
      rope_type: 'llama3',
      factor: 32,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    },
    { kind: 'llama3', factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 8192 },
  ],
])('parses %o', (value, expected) => {
  expect(parseRopeScaling(value, 'config.json')).toEqual(expected);
});

test.each([
  'dynamic',
  { rope_type: 'dynamic', factor: 2 },
  { rope_type: 'llama3', factor: 32 },
  { type: 'linear', factor: 0 },
])('refuses %o', (value) => {
  expect(() => parseRopeScaling(value, 'config.json')).toThrow(ModelFileError);
});
