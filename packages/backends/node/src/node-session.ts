import {
  asyncDispose,
  copyTensors,
  DisposedError,
  InvalidArgumentError,
  type FollowedRun,
  type FollowOptions,
  type GraphContract,
  type RunOptions,
  type Session,
  type SessionState,
  type TensorsFor,
} from '@ovis/core';
import { NodeSessionState } from './node-session-state.ts';
import { Parts } from './parts.ts';
import type { WorkerClient } from './worker-client.ts';

/** A {@link Session} in the worker. */
export class NodeSession<C extends GraphContract> implements Session<C> {
  readonly #client: WorkerClient;
  readonly #id: number;
  readonly #contract: C;
  readonly follow: Session<C>['follow'];
  #disposing: Promise<void> | null = null;

  /** @param follows - Whether the worker can make runs of it that follow each other. */
  constructor(client: WorkerClient, id: number, contract: C, follows: boolean) {
    this.#client = client;
    this.#id = id;
    this.#contract = contract;
    this.follow = follows ? (inputs, options) => this.#follow(inputs, options) : null;
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

  async *#follow(
    inputs: TensorsFor<C['inputs']>,
    { state, runs, until }: FollowOptions,
  ): AsyncGenerator<FollowedRun, void, undefined> {
    this.#assertUsable();
    const taken = new Int32Array(new SharedArrayBuffer(4));
    const { copies, buffers } = copyTensors(inputs);
    const request = { session: this.#id, state: this.#idOf(state), inputs: copies, runs, until, taken: taken.buffer };
    const parts = new Parts<readonly FollowedRun[]>();
    const last = this.#client.call('follow', request, buffers, (part) => parts.add(part));
    parts.endWith(last);
    try {
      for await (const part of parts) {
        yield* part;
        Atomics.add(taken, 0, 1);
      }
    } finally {
      Atomics.store(taken, 0, -1);
    }
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
    return state === undefined ? null : this.#idOf(state);
  }

  #idOf(state: SessionState): number {
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
