import * as v from 'valibot';
import { checkJson } from './check-json.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import type { LanguageModelConfig } from './language-model-config.ts';
import { unsupported } from './unsupported.ts';

/** Where a family's layers tell what they mix positions with. */
export type LayerRule = 'full' | 'alternating-windows' | 'linear-but-every-nth';

/** What the `model_type` of a language model fixes. */
type FamilyTraits = Pick<LanguageModelConfig, 'queryKeyValueBias' | 'queryKeyNorm' | 'normOffset' | 'activation'> & {
  readonly layers: LayerRule;
  readonly experts: boolean;
  /** Whether embeddings are multiplied by the root of their length. */
  readonly scaledEmbeddings: boolean;
  /** Whether the class has its attention biases whatever `attention_bias` says. */
  readonly fixedBias: boolean;
  /** Defaults of transformers' config class, which newer versions leave out when they save. */
  readonly defaults: JsonObject;
};

/** A family, with the config's keys over its defaults. */
export type LanguageFamily = FamilyTraits & { readonly type: string; readonly json: JsonObject };

const plain: Omit<FamilyTraits, 'defaults'> = {
  queryKeyValueBias: false,
  queryKeyNorm: false,
  normOffset: 0,
  activation: 'silu',
  layers: 'full',
  experts: false,
  scaledEmbeddings: false,
  fixedBias: false,
};

const qwenDefaults = {
  hidden_size: 4096,
  intermediate_size: 22016,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 32,
  vocab_size: 151936,
  max_position_embeddings: 32768,
};

const families: ReadonlyMap<string, FamilyTraits> = new Map<string, FamilyTraits>([
  // Qwen1.5 and Qwen2.5.
  ['qwen2', { ...plain, queryKeyValueBias: true, fixedBias: true, defaults: qwenDefaults }],
  ['qwen3', { ...plain, queryKeyNorm: true, defaults: { ...qwenDefaults, head_dim: 128 } }],
  [
    'llama',
    {
      ...plain,
      defaults: {
        hidden_size: 4096,
        intermediate_size: 11008,
        num_hidden_layers: 32,
        num_attention_heads: 32,
        vocab_size: 32000,
        max_position_embeddings: 2048,
      },
    },
  ],
  [
    'gemma2',
    {
      ...plain,
      normOffset: 1,
      activation: 'gelu-tanh',
      layers: 'alternating-windows',
      scaledEmbeddings: true,
      defaults: {
        hidden_size: 2304,
        intermediate_size: 9216,
        num_hidden_layers: 26,
        num_attention_heads: 8,
        num_key_value_heads: 4,
        head_dim: 256,
        vocab_size: 256000,
        max_position_embeddings: 8192,
        tie_word_embeddings: true,
        query_pre_attn_scalar: 256,
        sliding_window: 4096,
        attn_logit_softcapping: 50,
        final_logit_softcapping: 30,
        eos_token_id: 1,
      },
    },
  ],
  [
    'qwen3_moe',
    {
      ...plain,
      queryKeyNorm: true,
      experts: true,
      defaults: {
        ...qwenDefaults,
        hidden_size: 2048,
        intermediate_size: 6144,
        num_hidden_layers: 24,
        num_key_value_heads: 4,
        moe_intermediate_size: 768,
        num_experts: 128,
        num_experts_per_tok: 8,
        norm_topk_prob: false,
      },
    },
  ],
  [
    'qwen3_next',
    {
      ...plain,
      queryKeyNorm: true,
      normOffset: 1,
      experts: true,
      layers: 'linear-but-every-nth',
      defaults: {
        ...qwenDefaults,
        hidden_size: 2048,
        intermediate_size: 5632,
        num_hidden_layers: 48,
        num_attention_heads: 16,
        num_key_value_heads: 2,
        head_dim: 256,
        partial_rotary_factor: 0.25,
        full_attention_interval: 4,
        linear_conv_kernel_dim: 4,
        linear_key_head_dim: 128,
        linear_value_head_dim: 128,
        linear_num_key_heads: 16,
        linear_num_value_heads: 32,
        moe_intermediate_size: 512,
        shared_expert_intermediate_size: 512,
        num_experts: 512,
        num_experts_per_tok: 10,
        norm_topk_prob: true,
      },
    },
  ],
]);

/** Keys that no family but Gemma2 acts on, whatever a config may hold. */
const gemmaOnly: ReadonlySet<string> = new Set([
  'query_pre_attn_scalar',
  'attn_logit_softcapping',
  'final_logit_softcapping',
]);

/** The family of an `llm_config`. */
export function languageFamilyOf(json: unknown, file: string): LanguageFamily {
  const { model_type: type, ...given } = checkJson(v.looseObject({ model_type: v.string() }), json, file);
  const traits = families.get(type);
  if (traits === undefined) {
    return unsupported(file, 'model_type', type, `language models ${[...families.keys()].join(', ')}`);
  }
  // A null means the default of the class, but for a soft cap, where it means none.
  const set = Object.entries(given).filter(([key, value]) => value !== null || gemmaOnly.has(key));
  const known = type === 'gemma2' ? set : set.filter(([key]) => !gemmaOnly.has(key));
  return { ...traits, type, json: { ...traits.defaults, ...Object.fromEntries(known) } };
}
