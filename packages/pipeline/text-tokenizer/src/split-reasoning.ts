import { pythonStrip, type TokenId } from '@ovis/core';
import { ReasoningSplitter, type ReasoningDelta, type ReasoningOptions } from './reasoning-splitter.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** An answer in its two parts. */
export type SplitAnswer = {
  /** What the model thought, without tags and without white space around it; empty with thinking off. */
  readonly reasoning: string;
  /** What it answers; after reasoning, without the line breaks that follow `</think>`. */
  readonly text: string;
  /**
   * The same as `chat` of the official code returns it: tags kept, both parts stripped, and an answer
   * without `</think>` is all response.
   */
  readonly official: { readonly thinking: string; readonly response: string };
};

/** Splits a whole answer; the parts are exactly what {@link ReasoningSplitter} streams. */
export function splitReasoning(
  tokenizer: TextTokenizer,
  ids: readonly TokenId[],
  options: ReasoningOptions,
): SplitAnswer {
  const splitter = new ReasoningSplitter(tokenizer, options);
  const deltas = [...ids.flatMap((id) => splitter.push(id)), ...splitter.flush()];
  const joined = (type: ReasoningDelta['type']): string =>
    deltas.map((delta) => (delta.type === type ? delta.text : '')).join('');
  return {
    reasoning: joined('reasoning-delta'),
    text: joined('text-delta'),
    official: officialSplit(tokenizer, ids, options),
  };
}

/** `chat` of Ovis 2.5 on GitHub. */
function officialSplit(
  tokenizer: TextTokenizer,
  ids: readonly TokenId[],
  { thinking }: ReasoningOptions,
): SplitAnswer['official'] {
  const end = tokenizer.tokenIdOf('</think>');
  const length = thinking && end !== undefined ? ids.indexOf(end) + 1 : 0;
  return {
    thinking: pythonStrip(tokenizer.decode(ids.slice(0, length))),
    response: pythonStrip(tokenizer.decode(ids.slice(length))),
  };
}
