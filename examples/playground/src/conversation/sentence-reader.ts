/** Reads a streamed text aloud sentence by sentence: single tokens would be torn words. */
export class SentenceReader {
  readonly #say: (text: string) => void;
  #pending = '';

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Takes more of the text; says what has become whole. */
  add(text: string): void {
    this.#pending += text;
    const end = /^.*[.!?…:\n](?=\s)/su.exec(this.#pending)?.[0].length ?? 0;
    if (end > 0) this.#flush(end);
  }

  /** Says the rest. */
  end(): void {
    this.#flush(this.#pending.length);
  }

  #flush(end: number): void {
    const whole = this.#pending.slice(0, end).trim();
    this.#pending = this.#pending.slice(end);
    if (whole !== '') this.#say(whole);
  }
}
