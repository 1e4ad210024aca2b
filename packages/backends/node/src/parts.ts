/** Things that arrive one after the other, for one reader that may be slower. */
export class Parts<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #ended = false;
  #failure: { readonly reason: unknown } | null = null;
  #wake: () => void = () => {};

  /** One more. */
  add(part: T): void {
    this.#waiting.push(part);
    this.#wake();
  }

  /** The last one, or the reason why there is none. */
  endWith(last: Promise<T>): void {
    last
      .then((part) => this.#waiting.push(part))
      .catch((reason: unknown) => {
        this.#failure = { reason };
      })
      .finally(() => {
        this.#ended = true;
        this.#wake();
      });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#waiting.length > 0) yield* this.#waiting.splice(0, 1);
      if (this.#failure !== null) throw this.#failure.reason;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
