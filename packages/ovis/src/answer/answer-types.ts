/** Why an answer ended: the model or a stop text ended it, or there was no room for more tokens. */
export type FinishReason = 'stop' | 'length';

/** What an answer cost, in positions of the sequence. */
export type Usage = {
  /** Text tokens of the prompt. */
  readonly textTokens: number;
  /** Visual tokens and indicators of the prompt. */
  readonly imageTokens: number;
  /** Tokens generated, reasoning and end token included. */
  readonly outputTokens: number;
};

/**
 * Where the time went, in milliseconds. With several pictures decoding, preprocessing and vision overlap: one is prepared
 * while the one before is looked at.
 */
export type Timings = {
  /** Reading and decoding picture files. */
  readonly decodeImageMs: number;
  /** Resizing, normalising and cutting pictures into patches. */
  readonly preprocessMs: number;
  /** The visual tokenizer: ViT, head, table. */
  readonly visionMs: number;
  /** The language model reading the prompt. */
  readonly prefillMs: number;
  /** From the call to the first token. */
  readonly firstTokenMs: number;
  /** Mean time of every token after the first; 0 where there is none. */
  readonly perTokenMs: number;
  /** From the call to the end. */
  readonly totalMs: number;
};

/** The end of a streamed answer. */
export type FinishPart = {
  readonly type: 'finish';
  readonly reason: FinishReason;
  readonly usage: Usage;
  readonly timings: Timings;
  /** Ids of all generated tokens in order, end token and early-stop text included. */
  readonly tokens: readonly number[];
};

/** A piece of a streamed answer. Texts never end inside a character. */
export type StreamPart =
  /** More of what the model thinks, without its tags. */
  | { readonly type: 'reasoning-delta'; readonly text: string }
  /** More of the answer. */
  | { readonly type: 'text-delta'; readonly text: string }
  | FinishPart;

/** A whole answer. */
export type GenerateResult = {
  readonly text: string;
  /** What stood between the think tags; empty without thinking. */
  readonly reasoning: string;
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly timings: Timings;
  readonly tokens: readonly number[];
};
