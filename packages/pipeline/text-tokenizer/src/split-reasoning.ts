import type { TokenId } from '@ovis/core';
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

/** `str.strip()`: unlike `trim` it takes the separators U+001C to U+001F and U+0085, and leaves U+FEFF. */
function pythonStrip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPythonSpace(text.charAt(start))) start++;
  while (end > start && isPythonSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isPythonSpace(character: string): boolean {
  const code = character.charCodeAt(0);
  return (code >= 0x1c && code <= 0x1f) || code === 0x85 || (code !== 0xfeff && character.trim() === '');
}
