/**
 * Runs pieces of work one after the other, in the order they were handed in. ONNX Runtime for the web can neither open
 * sessions nor run them side by side, so a page or worker has one such queue for all its backends.
 */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when all that came before has ended, well or not. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** The queue of this page or worker. */
export const runtimeQueue: InOrder = new InOrder();
