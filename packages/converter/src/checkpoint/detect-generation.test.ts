import { ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { detectGeneration } from './detect-generation.ts';

const ovis = (tokenizer: object) => ({ model_type: 'ovis', visual_tokenizer_config: tokenizer });

test.each([
  ['1.0', ovis({ model_type: 'clip_visual_tokenizer' })],
  ['1.5', ovis({ model_type: 'siglip_visual_tokenizer', use_indicators: true })],
  ['1.5', ovis({ model_type: 'siglip_visual_tokenizer', hd_booster: 's2wrapper' })],
  ['1.6', ovis({ model_type: 'siglip_visual_tokenizer', hd_booster: null, use_indicators: false })],
  ['2', ovis({ model_type: 'aimv2_visual_tokenizer', use_indicators: false })],
  ['2', { ...ovis({ model_type: 'aimv2_visual_tokenizer' }), quantization_config: { bits: 4 } }],
  ['2', { ...ovis({ model_type: 'aimv2_visual_tokenizer' }), model_type: 'ovis2' }],
  ['2.5', { model_type: 'ovis2_5', vit_config: {} }],
  ['2.5', { model_type: 'ovis', vit_config: {}, visual_vocab_size: 65536 }],
  ['2.6', { model_type: 'ovis2_6', vit_config: {} }],
  ['2.6', { model_type: 'ovis2_6_moe', vit_config: {} }],
  ['2.6-next', { model_type: 'ovis2_6_next', vit_config: {} }],
] as const)('recognises Ovis %s', (generation, config) => {
  expect(detectGeneration(config)).toBe(generation);
});

test.each([
  ['1.6', 'clip', 5],
  ['1.0', 'clip', 2],
  ['1.6', 'siglip', 5],
  ['1.5', 'siglip', 2],
  ['1.5', 'siglip', 0],
])('recognises Ovis %s by the %s tower and %i indicator rows', (generation, tower, indicators) => {
  const shapeOf = (name: string) => (name === 'vte.weight' ? [100 + indicators, 8] : [100, 8]);
  expect(detectGeneration(ovis({ model_type: `${tower}_visual_tokenizer` }), shapeOf)).toBe(generation);
});

describe('refuses by name', () => {
  test.each<[string, RegExp, object]>([
    ['another model', /model_type "llava" and describes no Ovis model/, { model_type: 'llava' }],
    ['a config without model_type', /model_type undefined/, {}],
    ['an unknown visual tokenizer', /no Ovis model/, ovis({ model_type: 'other_visual_tokenizer' })],
    ['a visual tokenizer that is no object', /no Ovis model/, { model_type: 'ovis', visual_tokenizer_config: 3 }],
  ])('%s', (_, message, config) => {
    const detecting = () => detectGeneration({ ...config });
    expect(detecting).toThrow(ModelFileError);
    expect(detecting).toThrow(message);
  });
});
