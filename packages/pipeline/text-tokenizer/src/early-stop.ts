import { TokenizerError, type TokenId } from '@ovis/core';
import type { TextTokenizer } from './text-tokenizer.ts';

const END_TAG = '</think>';
const BEFORE_TAG =
  '\n\nConsidering the limited time by the user, I have to give the solution based on the thinking directly now.\n';
const AFTER_TAG = '\n\n';

/** What the official code writes for the model when its thinking budget is used up (`generate` of Ovis 2.5). */
export const EARLY_STOP_TEXT: string = BEFORE_TAG + END_TAG + AFTER_TAG;

/**
 * The ids of {@link EARLY_STOP_TEXT}: 24 with the vocabulary of Qwen3.
 *
 * @throws TokenizerError when the vocabulary has no `</think>`, so the model cannot think.
 */
export function earlyStopTokens(tokenizer: TextTokenizer): TokenId[] {
  const end = tokenizer.tokenIdOf(END_TAG);
  if (end === undefined) {
    throw new TokenizerError(`The tokenizer has no token ${END_TAG}; only models that think have a thinking budget.`);
  }
  return [...tokenizer.encode(BEFORE_TAG), end, ...tokenizer.encode(AFTER_TAG)];
}
