import type { TokenId } from '@ovis/core';
import type { StreamingDetokenizer } from './streaming-detokenizer.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** A stretch of an answer that is final. The texts of one type joined are the whole reasoning, or the whole answer. */
export type ReasoningDelta = { readonly type: 'reasoning-delta' | 'text-delta'; readonly text: string };

/** What the splitter has to know about the prompt. */
export type ReasoningOptions = {
  /** Whether the prompt let the model think, so that the answer begins with its reasoning. */
  readonly thinking: boolean;
};

/**
 * Splits an answer into reasoning and text while its tokens arrive. With thinking on, everything before the
 * first `</think>` is reasoning; both tags and the white space around them belong to neither. Without a
 * `</think>` the whole answer is reasoning, since a stream cannot know better (the official code then calls
 * all of it the response: see `splitReasoning`).
 */
export class ReasoningSplitter {
  readonly #detokenizer: StreamingDetokenizer;
  readonly #start: TokenId | undefined;
  readonly #end: TokenId | undefined;
  #type: ReasoningDelta['type'];
  /** White space at the beginning is dropped: all of it in reasoning, line breaks in text after reasoning. */
  #leading: RegExp | null;
  /** White space of the reasoning that only belongs to it if more reasoning follows. */
  #held = '';
  #first = true;

  constructor(tokenizer: TextTokenizer, options: ReasoningOptions) {
    this.#detokenizer = tokenizer.detokenizer();
    this.#start = tokenizer.tokenIdOf('<think>');
    this.#end = tokenizer.tokenIdOf('</think>');
    const thinks = options.thinking && this.#end !== undefined;
    this.#type = thinks ? 'reasoning-delta' : 'text-delta';
    this.#leading = thinks ? /^\s+/u : null;
  }

  /** What is certain now that `id` has come; empty where nothing is. */
  push(id: TokenId): ReasoningDelta[] {
    const first = this.#first;
    this.#first = false;
    if (this.#type === 'reasoning-delta') {
      if (id === this.#end) return this.#endReasoning();
      if (first && id === this.#start) return [];
    }
    return this.#take(this.#detokenizer.push(id));
  }

  /** The rest, when no token follows. */
  flush(): ReasoningDelta[] {
    const rest = this.#take(this.#detokenizer.flush());
    this.#held = '';
    return rest;
  }

  #endReasoning(): ReasoningDelta[] {
    const rest = this.flush();
    this.#type = 'text-delta';
    this.#leading = /^\n+/u;
    return rest;
  }

  #take(arrived: string): ReasoningDelta[] {
    const text = this.#leading === null ? arrived : arrived.replace(this.#leading, '');
    if (text === '') return [];
    this.#leading = null;
    if (this.#type === 'text-delta') return [{ type: 'text-delta', text }];
    const all = this.#held + text;
    const certain = all.trimEnd();
    this.#held = all.slice(certain.length);
    return certain === '' ? [] : [{ type: 'reasoning-delta', text: certain }];
  }
}
