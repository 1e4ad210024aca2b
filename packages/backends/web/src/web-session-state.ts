import { asyncDispose, DisposedError, type SessionState, type StateSpec } from '@ovis/core';
import { runtimeQueue } from './runtime/in-order.ts';
import type { StateMemory } from './state/state-memory.ts';
import type { SessionHost } from './session-host.ts';

/** A {@link SessionState} in the memory of JavaScript or of the graphics device. */
export class WebSessionState implements SessionState {
  /** Whose state this is, and what it holds, for the session that gets it back. */
  readonly backend: SessionHost;
  readonly specs: readonly StateSpec[];
  readonly #memory: StateMemory;
  #disposing: Promise<void> | null = null;
  readonly #onDispose: () => void;

  constructor(backend: SessionHost, specs: readonly StateSpec[], memory: StateMemory, onDispose: () => void) {
    this.backend = backend;
    this.specs = specs;
    this.#memory = memory;
    this.#onDispose = onDispose;
  }

  get capacity(): number {
    return this.#memory.capacity;
  }

  /**
   * Its tensors.
   *
   * @throws DisposedError after disposal.
   */
  get memory(): StateMemory {
    this.assertUsable();
    return this.#memory;
  }

  /** @throws DisposedError after disposal. */
  assertUsable(): void {
    if (this.#disposing) throw new DisposedError('The state was disposed. Create another one.');
  }

  async reserve(positions: number, used: number): Promise<void> {
    const { memory } = this;
    await this.backend.run(() => memory.reserve(positions, used));
  }

  /** Waits for the run at hand and frees the memory. */
  [asyncDispose](): Promise<void> {
    this.#disposing ??= runtimeQueue.run(() => {
      this.#memory.dispose();
      this.#onDispose();
      return Promise.resolve();
    });
    return this.#disposing;
  }
}
