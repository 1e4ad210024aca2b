import { ModelFileError } from '@ovis/core';

/** How decoder attention writes down heads of a size that ONNX Runtime's operator may not take. */
export type HeadLayout = {
  /** Size of a head in the operator and in the cache; zeros fill up what the model's head lacks. */
  readonly storedSize: number;
  /** Whether the operator rotates queries and keys itself, or RotaryEmbedding does before it. */
  readonly rotation: 'inside' | 'before';
};

/**
 * `GroupQueryAttention` of ONNX Runtime 1.30 takes heads of a multiple of 8 and rotates those of a multiple
 * of 16, a multiple of 16 values of them; `MultiHeadAttention` and `RotaryEmbedding` take any. Released models
 * have 64, 128 or 256.
 *
 * @param rotarySize - Values of a head that are rotated.
 * @throws ModelFileError for an odd size, whose halves cannot be rotated into each other.
 */
export function headLayout(headSize: number, rotarySize = headSize): HeadLayout {
  if (headSize % 2 !== 0) {
    throw new ModelFileError(
      `Expected an even head size in the language model, got ${headSize}: rotary positions pair the two halves ` +
        'of a head. Check head_dim, hidden_size and num_attention_heads in config.json.',
      { details: { headSize } },
    );
  }
  const inside = headSize % 16 === 0 && rotarySize % 16 === 0;
  return { storedSize: Math.ceil(headSize / 8) * 8, rotation: inside ? 'inside' : 'before' };
}
