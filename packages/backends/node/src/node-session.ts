import {
  asyncDispose,
  copyTensors,
  DisposedError,
  InvalidArgumentError,
  type GraphContract,
  type RunOptions,
  type Session,
  type SessionState,
  type TensorsFor,
} from '@ovis/core';
import { NodeSessionState } from './node-session-state.ts';
import type { WorkerClient } from './worker-client.ts';

/** A {@link Session} in the worker. */
export class NodeSession<C extends GraphContract> implements Session<C> {
  readonly #client: WorkerClient;
  readonly #id: number;
  readonly #contract: C;
  #disposing: Promise<void> | null = null;

  constructor(client: WorkerClient, id: number, contract: C) {
    this.#client = client;
    this.#id = id;
    this.#contract = contract;
  }

  async run<Name extends keyof C['outputs'] & string>(
    inputs: TensorsFor<C['inputs']>,
    options: RunOptions<Name> = {},
  ): Promise<TensorsFor<Pick<C['outputs'], Name>>> {
    this.#assertUsable();
    const outputs = options.outputs ?? Object.keys(this.#contract.outputs);
    const { copies, buffers } = copyTensors(inputs);
    const request = { session: this.#id, inputs: copies, outputs, state: this.#stateId(options.state) };
    const results = await this.#client.call('run', request, buffers);
    // The worker checked the graph against the contract, and returns the outputs by their names.
    return results as TensorsFor<Pick<C['outputs'], Name>>;
  }

  async createState(capacity: number): Promise<SessionState> {
    this.#assertUsable();
    const state = this.#client.stateId();
    const room = await this.#client.call('createState', { session: this.#id, state, capacity });
    return new NodeSessionState(this.#client, state, room);
  }

  /** Waits for its runs and frees the graph and all states that it created. */
  [asyncDispose](): Promise<void> {
    this.#disposing ??= this.#client.closed
      ? Promise.resolve()
      : this.#client.call('disposeSession', { session: this.#id }).then(() => undefined);
    return this.#disposing;
  }

  #stateId(state: SessionState | undefined): number | null {
    if (state === undefined) return null;
    if (!(state instanceof NodeSessionState) || state.client !== this.#client) {
      throw new InvalidArgumentError(
        'The state belongs to another backend. Create it with createState of this session.',
      );
    }
    return state.id;
  }

  #assertUsable(): void {
    if (this.#disposing) throw new DisposedError('The session was disposed. Open another one.');
  }
}
