const qwen = { rms_norm_eps: 1e-6, rope_theta: 1_000_000, max_position_embeddings: 32768 };
const qwen2 = { ...qwen, model_type: 'qwen2', tie_word_embeddings: false };
const qwen3 = { ...qwen, model_type: 'qwen3', head_dim: 128, max_position_embeddings: 40960, vocab_size: 151936 };
const llama = { model_type: 'llama', rms_norm_eps: 1e-5, rope_theta: 500_000, vocab_size: 128256 };
const gemma2 = { model_type: 'gemma2', vocab_size: 256000, max_position_embeddings: 8192 };
const llama3Scaling = {
  rope_type: 'llama3',
  factor: 32,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
};

const sizes = (
  hidden: number,
  layers: number,
  heads: number,
  keyValueHeads: number,
  feedForward: number,
): Readonly<Record<string, number>> => ({
  hidden_size: hidden,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keyValueHeads,
  intermediate_size: feedForward,
});

/** `llm_config` of released models (the base model's where Ovis' own could not be read), and millions of parameters. */
export const releasedLanguageModels = [
  {
    name: 'Ovis-Clip-Qwen1_5-7B',
    millions: 7721.3,
    config: { ...qwen2, ...sizes(4096, 32, 32, 32, 11008), vocab_size: 151936 },
  },
  {
    name: 'Ovis-Clip-Qwen1_5-14B',
    millions: 14167.3,
    config: { ...qwen2, ...sizes(5120, 40, 40, 40, 13696), vocab_size: 152064 },
  },
  {
    name: 'Ovis1.5-Llama3-8B',
    millions: 8030.3,
    config: { ...llama, ...sizes(4096, 32, 32, 8, 14336), max_position_embeddings: 8192 },
  },
  {
    name: 'Ovis1.6-Gemma2-9B',
    millions: 9241.7,
    config: { ...gemma2, ...sizes(3584, 42, 16, 8, 14336), head_dim: 256, query_pre_attn_scalar: 256 },
  },
  {
    name: 'Ovis1.6-Gemma2-27B',
    millions: 27227.1,
    config: { ...gemma2, ...sizes(4608, 46, 32, 16, 36864), head_dim: 128, query_pre_attn_scalar: 144 },
  },
  {
    name: 'Ovis1.6-Llama3.2-3B',
    millions: 3212.7,
    config: {
      ...llama,
      ...sizes(3072, 28, 24, 8, 8192),
      head_dim: 128,
      tie_word_embeddings: true,
      max_position_embeddings: 131072,
      rope_scaling: llama3Scaling,
    },
  },
  {
    name: 'Ovis2-1B',
    millions: 494.0,
    config: { ...qwen2, ...sizes(896, 24, 14, 2, 4864), vocab_size: 151936, tie_word_embeddings: true },
  },
  {
    name: 'Ovis2-2B',
    millions: 1543.7,
    config: { ...qwen2, ...sizes(1536, 28, 12, 2, 8960), vocab_size: 151936, tie_word_embeddings: true },
  },
  {
    // The stored head, 311.2 M, is one with the embedding.
    name: 'Ovis2-4B',
    millions: 3085.9,
    config: { ...qwen2, ...sizes(2048, 36, 16, 2, 11008), vocab_size: 151936, tie_word_embeddings: true },
  },
  { name: 'Ovis2-8B', millions: 7615.6, config: { ...qwen2, ...sizes(3584, 28, 28, 4, 18944), vocab_size: 152064 } },
  { name: 'Ovis2-16B', millions: 14770.0, config: { ...qwen2, ...sizes(5120, 48, 40, 8, 13824), vocab_size: 152064 } },
  { name: 'Ovis2-34B', millions: 32763.9, config: { ...qwen2, ...sizes(5120, 64, 40, 8, 27648), vocab_size: 152064 } },
  {
    name: 'Ovis2.5-2B',
    millions: 1720.6,
    config: { ...qwen3, ...sizes(2048, 28, 16, 8, 6144), tie_word_embeddings: true },
  },
  { name: 'Ovis2.5-9B', millions: 8190.7, config: { ...qwen3, ...sizes(4096, 36, 32, 8, 12288) } },
  {
    name: 'Ovis2.6-30B-A3B',
    millions: 30532.1,
    config: { ...qwen3, ...sizes(2048, 48, 32, 4, 6144), model_type: 'qwen3_moe', norm_topk_prob: true },
  },
  {
    // Of the base model, Qwen3-Next-80B-A3B, without its head for several tokens ahead.
    name: 'Ovis2.6-80B-A3B',
    millions: 79674.4,
    config: { ...qwen, model_type: 'qwen3_next', rope_theta: 10_000_000, max_position_embeddings: 262144 },
  },
] as const;
