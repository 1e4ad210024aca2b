const INSIDE = 0;
const SHUT = 1;
const CALLS = 2;

/**
 * Lets the parent keep the worker out of the runtime, and tells the worker who waits. A process that exits while its
 * worker is inside native code does not end but aborts: the binding comes back to a thread whose JavaScript is gone. So
 * whoever exits shuts the gate first, which waits for the run at hand.
 */
export class RunGate {
  /** What both threads share. */
  readonly memory: SharedArrayBuffer;
  readonly #flags: Int32Array<SharedArrayBuffer>;
  /** Calls that the worker has begun. */
  #entered = 0;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(12)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory);
  }

  /** In the parent, before each call is sent. */
  announce(): void {
    Atomics.add(this.#flags, CALLS, 1);
  }

  /** In the worker, during a call: whether the parent waits for it to end, with another call or to exit. */
  get someoneWaits(): boolean {
    return Atomics.load(this.#flags, SHUT) !== 0 || ((Atomics.load(this.#flags, CALLS) - this.#entered) | 0) > 0;
  }

  /** In the worker, before each call: whether it may go in. */
  enter(): boolean {
    this.#entered++;
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
