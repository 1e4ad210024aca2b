/**
 * What the model says about the next token: the logits of the whole vocabulary, or only the largest ones
 * (largest first), in which case every other token's logit is at most the last of these.
 */
export type Scores =
  | { readonly kind: 'all'; readonly logits: Float32Array }
  | {
      readonly kind: 'candidates';
      readonly ids: readonly number[];
      readonly logits: Float32Array;
      /** Tokens in the vocabulary, so that candidates which are all of it can be told. */
      readonly vocabularySize: number;
    };

/** Logits after the repetition penalty. `ids` is null where the index is the id. */
export type PenalisedScores = {
  readonly ids: readonly number[] | null;
  readonly logits: Float32Array;
  /** No token that is not listed is above this; -Infinity where all are listed. */
  readonly bound: number;
};
