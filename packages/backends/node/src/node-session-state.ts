import { asyncDispose, DisposedError, type SessionState } from '@ovis/core';
import type { WorkerClient } from './worker-client.ts';

/** A {@link SessionState} in the worker. */
export class NodeSessionState implements SessionState {
  /** Where this state is, for sessions that get it. */
  readonly client: WorkerClient;
  readonly #state: number;
  #capacity: number;
  #disposing: Promise<void> | null = null;

  constructor(client: WorkerClient, state: number, capacity: number) {
    this.client = client;
    this.#state = state;
    this.#capacity = capacity;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Its number in the worker. */
  get id(): number {
    if (this.#disposing) throw new DisposedError('The state was disposed. Create another one.');
    return this.#state;
  }

  async reserve(positions: number, used: number): Promise<void> {
    this.#capacity = await this.client.call('reserve', { state: this.id, positions, used });
  }

  [asyncDispose](): Promise<void> {
    this.#disposing ??= this.client.closed
      ? Promise.resolve()
      : this.client.call('disposeState', { state: this.#state }).then(() => undefined);
    return this.#disposing;
  }
}
