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
import { parseExperts } from './experts-config.ts';
import { languageFamilyOf, type LanguageFamily } from './language-families.ts';
import type { LanguageModelConfig } from './language-model-config.ts';
import { parseLayerKinds } from './layer-kinds.ts';
import { parseLinearAttention } from './linear-attention-config.ts';
import { parseRopeScaling } from './rope-scaling.ts';
import { unsupported } from './unsupported.ts';

const FILE = 'config.json, "llm_config"';

const positive = v.pipe(v.number(), v.gtValue(0), v.maxValue(1e12));

/** Fallbacks here are never met: those of the family are put in before. */
const schema = v.looseObject({
  hidden_size: size(LARGEST_WIDTH, 1),
  num_hidden_layers: size(LARGEST_LAYERS, 1),
  num_attention_heads: size(LARGEST_HEADS, 1),
  num_key_value_heads: v.nullish(size(LARGEST_HEADS, 1)),
  head_dim: v.nullish(size(1024, 1)),
  intermediate_size: size(LARGEST_FEED_FORWARD, 1),
  vocab_size: size(LARGEST_VOCABULARY, 1),
  max_position_embeddings: size(LARGEST_CONTEXT, 1),
  rope_theta: v.nullish(positive),
  rope_scaling: v.nullish(v.unknown()),
  rope_parameters: v.nullish(v.looseObject({ rope_theta: v.nullish(positive) })),
  partial_rotary_factor: v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), 1),
  rms_norm_eps: epsilon(1e-6),
  tie_word_embeddings: v.nullish(v.boolean(), false),
  hidden_act: v.nullish(v.string()),
  hidden_activation: v.nullish(v.string()),
  attention_bias: v.nullish(v.boolean(), false),
  mlp_bias: v.nullish(v.boolean(), false),
  query_pre_attn_scalar: v.nullish(positive),
  attn_logit_softcapping: v.nullish(positive),
  final_logit_softcapping: v.nullish(positive),
  eos_token_id: tokenIds,
});

/** The language model, and the tokens its own config ends an answer with. */
export type ParsedLanguageModel = { readonly language: LanguageModelConfig; readonly stopTokens: readonly number[] };

/** Most numbers of a rotary table, 512 MB; a config may not ask for more. */
const LARGEST_ROTARY_TABLE = 2 ** 27;

/**
 * Parses `llm_config`.
 *
 * @param contextLimit - Positions that the checkpoint's other keys allow.
 * @throws ModelFileError when it is malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseLanguageConfig(json: unknown, contextLimit: number): ParsedLanguageModel {
  const family = languageFamilyOf(json, FILE);
  const config = checkJson(schema, family.json, FILE);
  const activation = activationOf(config, family);
  for (const key of ['attention_bias', 'mlp_bias'] as const) {
    if (config[key] && !family.fixedBias) unsupported(FILE, key, true, 'no biases there');
  }
  const heads = config.num_attention_heads;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  if (heads % keyValueHeads !== 0) {
    unsupported(FILE, 'num_key_value_heads', keyValueHeads, `a divisor of the ${heads} attention heads`);
  }
  const headSize = config.head_dim ?? config.hidden_size / heads;
  if (headSize % 2 !== 0) unsupported(FILE, 'head_dim', headSize, 'an even head size');
  const rotarySize = Math.floor(headSize * config.partial_rotary_factor);
  if (rotarySize % 2 !== 0) unsupported(FILE, 'partial_rotary_factor', rotarySize / headSize, 'an even rotary size');
  const contextLength = Math.min(config.max_position_embeddings, contextLimit);
  if (contextLength * rotarySize > LARGEST_ROTARY_TABLE) {
    const most = Math.floor(LARGEST_ROTARY_TABLE / rotarySize);
    unsupported(FILE, 'max_position_embeddings', contextLength, `at most ${most} positions`);
  }
  const { layerKinds, slidingWindow } = parseLayerKinds(family.json, family.layers, config.num_hidden_layers, FILE);
  const { feedForwards, experts } = parseExperts(family.json, family.experts, config.num_hidden_layers, FILE);
  const language: LanguageModelConfig = {
    modelType: family.type,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
    layerKinds,
    feedForwards,
    heads,
    keyValueHeads,
    headSize,
    feedForwardSize: config.intermediate_size,
    activation,
    vocabularySize: config.vocab_size,
    contextLength,
    ropeTheta: config.rope_theta ?? config.rope_parameters?.rope_theta ?? 10_000,
    ropeScaling: parseRopeScaling(config.rope_scaling ?? config.rope_parameters, FILE, config.max_position_embeddings),
    rotarySize,
    normEpsilon: config.rms_norm_eps,
    normOffset: family.normOffset,
    embeddingScale: family.scaledEmbeddings ? Math.fround(Math.sqrt(config.hidden_size)) : 1,
    attentionScale: (config.query_pre_attn_scalar ?? headSize) ** -0.5,
    attentionSoftCap: config.attn_logit_softcapping ?? null,
    logitSoftCap: config.final_logit_softcapping ?? null,
    slidingWindow,
    queryKeyValueBias: family.queryKeyValueBias,
    queryKeyNorm: family.queryKeyNorm,
    tiedEmbeddings: config.tie_word_embeddings,
    experts,
    linearAttention: layerKinds.includes('linear') ? parseLinearAttention(family.json, FILE) : null,
  };
  return { language, stopTokens: config.eos_token_id };
}

/** Gemma2 reads `hidden_activation`; the others read `hidden_act`. */
function activationOf(config: v.InferOutput<typeof schema>, family: LanguageFamily): LanguageModelConfig['activation'] {
  const key = family.activation === 'gelu-tanh' ? 'hidden_activation' : 'hidden_act';
  const name = family.activation === 'gelu-tanh' ? 'gelu_pytorch_tanh' : 'silu';
  if ((config[key] ?? name) !== name) unsupported(FILE, key, config[key], `activation "${name}"`);
  return family.activation;
}
