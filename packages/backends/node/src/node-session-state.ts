import { asyncDispose, DisposedError, type SessionState } from '@ovis/core';
import type { WorkerClient } from './worker-client.ts';

/** A {@link SessionState} in the worker. */
export class NodeSessionState implements SessionState {
  /** Whose state this is, for the session that gets it back. */
  readonly client: WorkerClient;
  readonly session: number;
  readonly #state: number;
  #capacity: number;
  #disposing: Promise<void> | null = null;

  constructor(client: WorkerClient, ids: { readonly session: number; readonly state: number }, capacity: number) {
    this.client = client;
    this.session = ids.session;
    this.#state = ids.state;
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
    this.#capacity = await this.client.call('reserve', { session: this.session, state: this.id, positions, used });
  }

  [asyncDispose](): Promise<void> {
    this.#disposing ??= this.client.closed
      ? Promise.resolve()
      : this.client.call('disposeState', { session: this.session, state: this.#state }).then(() => undefined);
    return this.#disposing;
  }
}
