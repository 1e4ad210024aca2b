const INSIDE = 0;
const SHUT = 1;

/**
 * Lets the parent keep the worker out of the runtime. A process that exits while its worker is inside native
 * code does not end but aborts: the binding comes back to a thread whose JavaScript is gone. So whoever exits
 * shuts the gate first, which waits for the run at hand.
 */
export class RunGate {
  /** What both threads share. */
  readonly memory: SharedArrayBuffer;
  readonly #flags: Int32Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory);
  }

  /** In the worker, before each call: whether it may go in. */
  enter(): boolean {
    Atomics.store(this.#flags, INSIDE, 1);
    if (Atomics.load(this.#flags, SHUT) === 0) return true;
    this.leave();
    return false;
  }

  /** In the worker, after each call. */
  leave(): void {
    Atomics.store(this.#flags, INSIDE, 0);
    Atomics.notify(this.#flags, INSIDE);
  }

  /** In the parent: lets nobody in any more and blocks until the worker is outside, at most `milliseconds`. */
  shut(milliseconds: number): void {
    Atomics.store(this.#flags, SHUT, 1);
    Atomics.wait(this.#flags, INSIDE, 1, milliseconds);
  }
}
