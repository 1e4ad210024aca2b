import { beginningLength } from '@ovis/text-tokenizer';

/**
 * Watches streamed text for texts that end it. Holds back only an end that may be the beginning of one of
 * them, so what `push` returns is final.
 */
export class StopTexts {
  readonly #stops: readonly string[];
  #held = '';
  #stopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** Whether a stop text has come. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The part of the text that is certain to belong to the answer. After a stop text there is none. */
  push(text: string): string {
    if (this.#stopped) return '';
    const all = this.#held + text;
    const ends = this.#stops.map((stop) => all.indexOf(stop)).filter((index) => index !== -1);
    if (ends.length > 0) {
      this.#stopped = true;
      this.#held = '';
      return all.slice(0, Math.min(...ends));
    }
    const kept = Math.max(0, ...this.#stops.map((stop) => beginningLength(all, stop)));
    this.#held = all.slice(all.length - kept);
    return all.slice(0, all.length - kept);
  }

  /** The rest, when no text follows. */
  flush(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}
