import { DisposedError } from '@ovis/core';

/** Knows what is running, so that disposing can refuse new work and wait for the rest. */
export class Activity {
  readonly #what: string;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  /** @param what - Name of what is disposed, for messages. */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * Runs `work` unless {@link close} was called.
   *
   * @throws DisposedError when it was.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      throw new DisposedError(`${this.#what} was disposed. Load the model again, or dispose it after its last use.`);
    }
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Refuses new work from now on and waits until nothing runs. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
  }
}
