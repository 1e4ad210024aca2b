import { ModelFileError } from '@ovis/core';
import { fixtureJson } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { parseLanguageConfig } from './language-config.ts';

const of = (json: object, contextLimit = 1024) => parseLanguageConfig(json, contextLimit).language;
const fixture = (model: string): object =>
  fixtureJson<{ readonly llm_config: object }>(`${model}/config.json`).llm_config;

describe('defaults of keys that newer versions leave out', () => {
  test('of Gemma2', () => {
    const language = of({ model_type: 'gemma2' });
    expect(language).toMatchObject({
      tiedEmbeddings: true,
      activation: 'gelu-tanh',
      normOffset: 1,
      attentionScale: 1 / 16,
      attentionSoftCap: 50,
      logitSoftCap: 30,
      slidingWindow: 4096,
      embeddingScale: 48,
    });
    expect(language.layerKinds.slice(0, 3)).toEqual(['sliding', 'full', 'sliding']);
  });

  test('of Qwen3-MoE', () => {
    const language = of({ model_type: 'qwen3_moe' });
    expect(language.experts).toEqual({
      count: 128,
      chosen: 8,
      feedForwardSize: 768,
      renormalise: false,
      sharedFeedForwardSize: null,
    });
    expect(new Set(language.feedForwards)).toEqual(new Set(['experts']));
  });

  test('of Qwen3-Next', () => {
    const language = of({ model_type: 'qwen3_next' });
    expect(language.layerKinds.slice(0, 5)).toEqual(['linear', 'linear', 'linear', 'full', 'linear']);
    expect(language).toMatchObject({ headSize: 256, rotarySize: 64, normOffset: 1 });
    expect(language.linearAttention).toEqual({
      keyHeads: 16,
      valueHeads: 32,
      keyHeadSize: 128,
      valueHeadSize: 128,
      kernelSize: 4,
    });
  });
});

describe('reads what the configs of the family tell', () => {
  test('a factor of Gemma2 as float32 has it', () => {
    expect(of({ model_type: 'gemma2', hidden_size: 3584 }).embeddingScale).toBe(Math.fround(Math.sqrt(3584)));
  });

  test('no soft cap, where Gemma2 has null', () => {
    expect(of({ ...fixture('ovis1.6-gemma2-tiny'), final_logit_softcapping: null }).logitSoftCap).toBeNull();
  });

  test('keys that only Gemma2 acts on, and other models may hold', () => {
    expect(of({ ...fixture('ovis1.5-tiny'), query_pre_attn_scalar: 3, attn_logit_softcapping: 2 })).toMatchObject({
      attentionScale: 16 ** -0.5,
      attentionSoftCap: null,
    });
  });

  test('layers that stay dense', () => {
    const { feedForwards } = of({ ...fixture('ovis2.6-moe-tiny'), mlp_only_layers: [1] });
    expect(feedForwards).toEqual(['experts', 'dense', 'experts']);
    expect(of({ ...fixture('ovis2.6-moe-tiny'), decoder_sparse_step: 2 }).feedForwards).toEqual([
      'dense',
      'experts',
      'dense',
    ]);
  });

  test('a list of layers before any rule', () => {
    const layers = ['full_attention', 'sliding_attention', 'full_attention', 'full_attention'];
    expect(of({ ...fixture('ovis1.6-gemma2-tiny'), layer_types: layers }).layerKinds).toEqual([
      'full',
      'sliding',
      'full',
      'full',
    ]);
  });
});

test.each([
  ['ovis1.5-tiny', 'mlp_bias', true],
  ['ovis1.5-tiny', 'attention_bias', true],
  ['ovis1.6-gemma2-tiny', 'hidden_activation', 'gelu'],
  ['ovis1.6-gemma2-tiny', 'layer_types', ['full_attention']],
  ['ovis1.6-gemma2-tiny', 'layer_types', ['linear_attention', 'linear_attention', 'full_attention', 'full_attention']],
  ['ovis1.6-gemma2-tiny', 'attn_logit_softcapping', -1],
  ['ovis2.6-moe-tiny', 'num_experts_per_tok', 9],
  ['ovis2.6-moe-tiny', 'num_experts', 1e9],
  ['ovis2.6-next-tiny', 'linear_num_value_heads', 3],
  ['ovis2.6-next-tiny', 'linear_conv_kernel_dim', 1],
  ['ovis2.6-next-tiny', 'partial_rotary_factor', 1 / 32],
])('refuses %s with %s = %o', (model, key, value) => {
  const parsing = () => of({ ...fixture(model), [key]: value });
  expect(parsing).toThrow(ModelFileError);
  expect(parsing).toThrow(key);
});
