import type { Tensor, VisualEmbeddings, visualTokenizerIntermediates } from '@ovis/core';

/** Values inside the visual tokenizer, by name; `[views, P, d]` (with a class token `P + 1`) for `vit_features`, else `[V, ...]`. */
export type VisualIntermediates = Readonly<Record<keyof typeof visualTokenizerIntermediates, Tensor<'float32'>>>;

/** The visual tokens of one picture or video: what the language model reads, and what they mean. */
export type VisualTokens = VisualEmbeddings & {
  /** `k`: how many of the most likely visual words are given for each token. */
  readonly wordsPerToken: number;
  /** `[V, k]`: rows of the visual embedding table, most likely first. */
  readonly topWords: Int32Array;
  /** `[V, k]`: their probabilities, in [0, 1]. */
  readonly topProbabilities: Float32Array;
  /** `[V]`: entropy of each token's distribution in nats; 0 for a single certain word. */
  readonly entropy: Float32Array;
  /** Only when asked for. */
  readonly intermediates?: VisualIntermediates;
};
