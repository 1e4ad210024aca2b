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
  // Frequencies only change beyond the context, where no sequence of ours goes.
  [{ rope_type: 'dynamic', factor: 2 }, { kind: 'none' }],
  [
    { type: 'yarn', factor: 4, original_max_position_embeddings: 8192 },
    {
      kind: 'yarn',
      factor: 4,
      attentionFactor: 0.1 * Math.log(4) + 1,
      fastTurns: 32,
      slowTurns: 1,
      originalContextLength: 8192,
      truncate: true,
    },
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
  expect(parseRopeScaling(value, 'config.json', 32768)).toEqual(expected);
});

test.each([
  'dynamic',
  { rope_type: 'dynamic', factor: 2, original_max_position_embeddings: 8192 },
  { rope_type: 'longrope', factor: 2 },
  { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 16384 },
  { rope_type: 'yarn', factor: 0.5 },
  { rope_type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 4 },
  { rope_type: 'llama3', factor: 32 },
  { type: 'linear', factor: 0 },
])('refuses %o', (value) => {
  expect(() => parseRopeScaling(value, 'config.json', 32768)).toThrow(ModelFileError);
});
