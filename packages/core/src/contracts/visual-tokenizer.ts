import type { GraphContract, TensorSpec } from '../graph-contract.ts';

/** Outputs that every visual tokenizer graph has. */
const outputs = {
  /** The table's expectation under each token's distribution. */
  visual_embeddings: { dtype: 'float32', shape: ['V', 'D'] },
  /** Rows of the most likely visual words, most likely first. */
  top_words: { dtype: 'int64', shape: ['V', 'k'] },
  /** Their probabilities. */
  top_probabilities: { dtype: 'float32', shape: ['V', 'k'] },
  /** Entropy of each token's distribution in nats. */
  entropy: { dtype: 'float32', shape: ['V'] },
} as const satisfies Record<string, TensorSpec>;

/**
 * Visual tokenizer of the generations with square sub-images (1.0 to 2): every sub-image has the same
 * patches, in row-major order, and attends only to itself.
 */
export const tiledVisualTokenizerContract = {
  inputs: { patches: { dtype: 'float32', shape: ['B', 'P', 'C*p*p'] } },
  outputs,
} as const satisfies GraphContract;

/**
 * Visual tokenizer of models that see every picture at two scales (1.5 with `hd_booster`): the whole, then its quarters
 * row by row. The pooled features of the quarters count `second_scale` times: 1, or 0 for a picture that is too small
 * for them.
 */
export const twoScaleVisualTokenizerContract = {
  inputs: {
    patches: { dtype: 'float32', shape: ['I', 5, 'P', 'C*p*p'] },
    second_scale: { dtype: 'float32', shape: ['I'] },
  },
  outputs,
} as const satisfies GraphContract;

/**
 * Visual tokenizer of the generations with native resolution (2.5 and later). One run takes frames of one
 * grid: `B` is 1 for a picture, the number of frames for a video. Patches come in merge-block order;
 * `positions` is the position table resized to the grid, `cosines`/`sines` are those of the 2-D rotary
 * embedding, all in the same order. The host computes them, so the graph needs no grid arithmetic.
 */
export const nativeVisualTokenizerContract = {
  inputs: {
    patches: { dtype: 'float32', shape: ['B', 'P', 'C*p*p'] },
    positions: { dtype: 'float32', shape: ['P', 'd'] },
    cosines: { dtype: 'float32', shape: ['P', 'h/2'] },
    sines: { dtype: 'float32', shape: ['P', 'h/2'] },
  },
  outputs,
} as const satisfies GraphContract;

/** Additional outputs of a bundle converted with `intermediates: true`, for comparison with the reference. */
export const visualTokenizerIntermediates = {
  /** Output of the ViT that the model uses, before its final norm; a class token comes first (CLIP). */
  vit_features: { dtype: 'float32', shape: ['B', 'P+cls', 'd'] },
  /** Features after the merge, what the head multiplies; twice as wide where two scales are joined. */
  head_input: { dtype: 'float32', shape: ['V', 'd*m*m'] },
  /** Logits after the head's LayerNorm, without indicator columns. */
  visual_logits: { dtype: 'float32', shape: ['V', 'U'] },
  /** Their softmax. */
  visual_probs: { dtype: 'float32', shape: ['V', 'U'] },
} as const satisfies Record<string, TensorSpec>;
