import * as v from 'valibot';
import {
  checkJson,
  epsilon,
  LARGEST_CONTEXT,
  LARGEST_FEED_FORWARD,
  LARGEST_HEADS,
  LARGEST_LAYERS,
  LARGEST_VOCABULARY,
  LARGEST_WIDTH,
  size,
  tokenIds,
} from './check-json.ts';
import type { LanguageModelConfig } from './checkpoint-config.ts';
import { parseRopeScaling } from './rope-scaling.ts';
import { unsupported } from './unsupported.ts';

const FILE = 'config.json, "llm_config"';

/**
 * Missing keys mean the defaults of transformers' classes Qwen2Config and Qwen3Config, which newer versions
 * leave out when they save. The two differ only in the keys below that have no fallback here.
 */
const schema = v.looseObject({
  model_type: v.string(),
  hidden_size: size(LARGEST_WIDTH, 4096),
  num_hidden_layers: size(LARGEST_LAYERS, 32),
  num_attention_heads: size(LARGEST_HEADS, 32),
  num_key_value_heads: v.nullish(size(LARGEST_HEADS, 32)),
  head_dim: v.nullish(size(1024, 128)),
  intermediate_size: size(LARGEST_FEED_FORWARD, 22016),
  vocab_size: size(LARGEST_VOCABULARY, 151936),
  max_position_embeddings: size(LARGEST_CONTEXT, 32768),
  rope_theta: v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1e12))),
  rope_scaling: v.nullish(v.unknown()),
  rope_parameters: v.nullish(v.looseObject({ rope_theta: v.nullish(v.number()) })),
  rms_norm_eps: epsilon(1e-6),
  tie_word_embeddings: v.nullish(v.boolean(), false),
  hidden_act: v.nullish(v.string(), 'silu'),
  attention_bias: v.nullish(v.boolean(), false),
  use_sliding_window: v.nullish(v.boolean(), false),
  layer_types: v.nullish(v.array(v.string()), []),
  eos_token_id: tokenIds,
});

/** The language model, and the tokens its own config ends an answer with. */
export type ParsedLanguageModel = { readonly language: LanguageModelConfig; readonly stopTokens: readonly number[] };

/** Most numbers of a rotary table, 512 MB; a config may not ask for more. */
const LARGEST_ROTARY_TABLE = 2 ** 27;

/**
 * Parses `llm_config` of Qwen2.5 and Qwen3 models.
 *
 * @param contextLimit - Positions that the checkpoint's other keys allow.
 * @throws ModelFileError when it is malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseLanguageConfig(json: unknown, contextLimit: number): ParsedLanguageModel {
  const config = checkJson(schema, json, FILE);
  const type = config.model_type;
  if (type !== 'qwen2' && type !== 'qwen3')
    unsupported(FILE, 'model_type', type, 'language models "qwen2" and "qwen3"');
  if (config.hidden_act !== 'silu') unsupported(FILE, 'hidden_act', config.hidden_act, 'activation "silu"');
  if (config.use_sliding_window) unsupported(FILE, 'use_sliding_window', true, 'full attention');
  if (config.layer_types.some((layer) => layer !== 'full_attention')) {
    unsupported(FILE, 'layer_types', config.layer_types, 'full attention in every layer');
  }
  if (config.attention_bias && type === 'qwen3') unsupported(FILE, 'attention_bias', true, 'no attention biases');
  const heads = config.num_attention_heads;
  const keyValueHeads = config.num_key_value_heads ?? (type === 'qwen3' ? 32 : heads);
  if (heads % keyValueHeads !== 0) {
    unsupported(FILE, 'num_key_value_heads', keyValueHeads, `a divisor of the ${heads} attention heads`);
  }
  const headSize = config.head_dim ?? (type === 'qwen3' ? 128 : config.hidden_size / heads);
  if (headSize % 2 !== 0) unsupported(FILE, 'head_dim', headSize, 'an even head size');
  const contextLength = Math.min(config.max_position_embeddings, contextLimit);
  if (contextLength * headSize > LARGEST_ROTARY_TABLE) {
    unsupported(FILE, 'max_position_embeddings', contextLength, `at most ${LARGEST_ROTARY_TABLE / headSize} positions`);
  }
  const language: LanguageModelConfig = {
    modelType: type,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    heads,
    keyValueHeads,
    headSize,
    feedForwardSize: config.intermediate_size,
    vocabularySize: config.vocab_size,
    contextLength,
    ropeTheta: config.rope_theta ?? config.rope_parameters?.rope_theta ?? 10_000,
    ropeScaling: parseRopeScaling(config.rope_scaling ?? config.rope_parameters, FILE),
    normEpsilon: config.rms_norm_eps,
    queryKeyValueBias: type === 'qwen2',
    queryKeyNorm: type === 'qwen3',
    tiedEmbeddings: config.tie_word_embeddings,
  };
  return { language, stopTokens: config.eos_token_id };
}
