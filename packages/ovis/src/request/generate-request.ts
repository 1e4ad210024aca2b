import type { ChatMessage, OnProgress } from '@ovis/core';

/** How large pictures may become for the model; every field has a default in the model's description. */
export type ImageLimits = {
  /** Largest number of sub-images per picture, in [1, 64]; generations up to 2. Default: the model's, usually 9. */
  readonly maxPartition?: number;
  /** Least area of the resized picture in pixels; generation 2.5 and later. Default: the model's, usually 200,704. */
  readonly minPixels?: number;
  /** Largest area of the resized picture in pixels; generation 2.5 and later. Default: the model's, usually 3,211,264. */
  readonly maxPixels?: number;
};

/** A question to the model, and how it should answer. */
export type GenerateRequest = {
  /** The conversation so far; the last message is the user's. Pictures are content parts, never markers in text. */
  readonly messages: readonly ChatMessage[];
  /** Upper bound on new tokens, reasoning included. Positive integer. Default: 512. */
  readonly maxNewTokens?: number | undefined;
  /** Randomness of sampling, in [0, 100]; 0 always takes the most likely token. Default: 0. */
  readonly temperature?: number | undefined;
  /** Samples among the most likely tokens whose probabilities add up to this, in (0, 1]. Default: 1, off. */
  readonly topP?: number | undefined;
  /** Samples among this many most likely tokens. Non-negative integer. Default: 0, off. */
  readonly topK?: number | undefined;
  /** Drops tokens less likely than this share of the most likely one, in [0, 1]. Default: 0, off. */
  readonly minP?: number | undefined;
  /** Divides the logits of tokens that were generated already, in (0, 100]. Default: 1, off. The prompt does not count. */
  readonly repetitionPenalty?: number | undefined;
  /** Makes sampling repeatable. Integer in [0, 2^32). Default: a random one. */
  readonly seed?: number | undefined;
  /** Texts that end the answer; they are not part of it. At most 16, none empty. Default: none. */
  readonly stop?: readonly string[] | undefined;
  /**
   * Lets a model that can (2.5 and later) think before it answers; a budget, in tokens, makes it answer in
   * time. Default: false.
   */
  readonly thinking?: boolean | { readonly budget: number } | undefined;
  /** Bounds for every picture of this request. */
  readonly image?: ImageLimits | undefined;
  /** Ends the run before its next step; the promise or iterator then throws `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of pictures decoded and encoded. */
  readonly onProgress?: OnProgress | undefined;
};
