import type { TokenId } from './token-id.ts';

/** What building a prompt needs of a text tokenizer. */
export interface PromptTokenizer {
  /** Encodes text as text: control tokens inside are spelled out with ordinary tokens. */
  encode(text: string): TokenId[];
  /** Encodes as the official code does: control tokens inside the text become their ids. */
  encodeWithSpecials(text: string): TokenId[];
  /** The id of an added token by its text, for instance `<|im_end|>`; undefined where there is none. */
  tokenIdOf(text: string): TokenId | undefined;
}
