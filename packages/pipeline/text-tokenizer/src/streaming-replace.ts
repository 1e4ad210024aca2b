import { beginningLength } from './beginning-length.ts';

/**
 * `text.replaceAll(pattern, replacement)` on text that arrives in pieces. Holds back only an end that may be
 * the beginning of `pattern`, so pieces joined are what the whole text would have given.
 */
export class StreamingReplace {
  readonly #pattern: string;
  readonly #replacement: string;
  #held = '';

  constructor(pattern: string, replacement: string) {
    this.#pattern = pattern;
    this.#replacement = replacement;
  }

  push(text: string): string {
    const parts = (this.#held + text).split(this.#pattern);
    const rest = parts.pop() ?? '';
    const kept = beginningLength(rest, this.#pattern);
    this.#held = rest.slice(rest.length - kept);
    return [...parts, rest.slice(0, rest.length - kept)].join(this.#replacement);
  }

  flush(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}

/**
 * The replacements of `clean_up_tokenization` in transformers, in its order. Tokenizers of Llama 3 ask for
 * them (`clean_up_tokenization_spaces`).
 */
export const cleanUpReplacements: readonly (readonly [pattern: string, replacement: string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];
