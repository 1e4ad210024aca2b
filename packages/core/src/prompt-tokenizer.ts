import type { TokenId } from './token-id.ts';

/** What building a prompt needs of a text tokenizer. */
export interface PromptTokenizer {
  /** Encodes text as text: control tokens inside are spelled out with ordinary tokens. */
  encode(text: string): TokenId[];
  /**
   * Encodes an earlier answer of the model: as {@link encode}, but added tokens that are not flagged special
   * (`<think>`, `<tool_call>`) are read, since decoding writes them out. None of them ends a turn.
   */
  encodeAnswer(text: string): TokenId[];
  /** Encodes as the official code does: control tokens inside the text become their ids. */
  encodeWithSpecials(text: string): TokenId[];
  /** The id of an added token by its text, for instance `<|im_end|>`; undefined where there is none. */
  tokenIdOf(text: string): TokenId | undefined;
}
