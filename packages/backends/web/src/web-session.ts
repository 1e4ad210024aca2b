import {
  asyncDispose,
  bindDimensions,
  copyTensors,
  DisposedError,
  InvalidArgumentError,
  returnedTensor,
  RuntimeFailureError,
  sameStates,
  type GraphContract,
  type NamedTensors,
  type RunOptions,
  type Session,
  type SessionState,
  type StateSpec,
  type TensorsFor,
} from '@ovis/core';
import { runtimeQueue } from './runtime/in-order.ts';
import { allToRuntime } from './runtime/runtime-tensors.ts';
import type { RuntimeTensors } from './state/state-memory.ts';
import type { LoadedSession } from './load-session.ts';
import type { SessionHost } from './session-host.ts';
import { WebSessionState } from './web-session-state.ts';

/** A {@link Session} of onnxruntime-web. */
export class WebSession<C extends GraphContract> implements Session<C> {
  /** Runs never follow by themselves here: no page was measured to gain from it. */
  readonly follow = null;
  readonly #backend: SessionHost;
  readonly #loaded: LoadedSession;
  readonly #contract: C;
  readonly #states = new Set<WebSessionState>();
  #disposing: Promise<void> | null = null;

  constructor(backend: SessionHost, loaded: LoadedSession, contract: C) {
    this.#backend = backend;
    this.#loaded = loaded;
    this.#contract = contract;
  }

  async run<Name extends keyof C['outputs'] & string>(
    inputs: TensorsFor<C['inputs']>,
    options: RunOptions<Name> = {},
  ): Promise<TensorsFor<Pick<C['outputs'], Name>>> {
    this.#assertUsable();
    const outputs = options.outputs ?? Object.keys(this.#contract.outputs);
    const { signature } = this.#loaded;
    // What waits for its turn must not change meanwhile.
    const { copies } = copyTensors(inputs);
    bindDimensions(signature.inputs, copies);
    const unknown = outputs.find((name) => !Object.hasOwn(signature.outputs, name));
    if (unknown !== undefined) throw new InvalidArgumentError(`The graph has no output ${unknown}.`);
    const state = this.#stateOf(options.state);
    const results = await this.#backend.run(() => this.#run(copies, outputs, state));
    // The graph was checked against the contract, and its outputs come by their names.
    return results as TensorsFor<Pick<C['outputs'], Name>>;
  }

  async createState(capacity: number): Promise<SessionState> {
    this.#assertUsable();
    const { states, statesOnHost } = this.#loaded;
    const memory = await this.#backend.run(() => this.#backend.allocate(states, capacity, statesOnHost));
    const state = new WebSessionState(this.#backend, states, memory, () => this.#states.delete(state));
    this.#states.add(state);
    return state;
  }

  /** Waits for its runs and frees the graph and all its states. */
  [asyncDispose](): Promise<void> {
    this.#disposing ??= (async () => {
      for (const state of this.#states) await state[asyncDispose]();
      await runtimeQueue.run(() => this.#loaded.session.release());
      this.#backend.forget(this);
    })();
    return this.#disposing;
  }

  async #run(inputs: NamedTensors, outputs: readonly string[], state: WebSessionState | null): Promise<NamedTensors> {
    const { runtime, session } = this.#loaded;
    const memory = state?.memory ?? null;
    const feeds = { ...allToRuntime(runtime, inputs), ...memory?.feeds() };
    const fetches = { ...Object.fromEntries(outputs.map((name) => [name, null])), ...memory?.fetches() };
    const results = await session.run(feeds, fetches);
    memory?.advance(results, inputs);
    return Object.fromEntries(outputs.map((name) => [name, resultOf(name, results)]));
  }

  #stateOf(state: SessionState | undefined): WebSessionState | null {
    const specs: readonly StateSpec[] = this.#loaded.states;
    if ((state !== undefined) !== specs.length > 0) {
      throw new InvalidArgumentError(state === undefined ? 'The graph needs a state.' : 'The graph takes no state.');
    }
    if (state === undefined) return null;
    if (state instanceof WebSessionState && state.backend === this.#backend && sameStates(state.specs, specs)) {
      // Now, not when its turn comes.
      state.assertUsable();
      return state;
    }
    throw new InvalidArgumentError('The state belongs to another session. Create it with createState of this one.');
  }

  #assertUsable(): void {
    if (this.#disposing) throw new DisposedError('The session was disposed. Open another one.');
    this.#backend.assertOpen();
  }
}

function resultOf(name: string, results: RuntimeTensors) {
  const tensor = results[name];
  if (tensor === undefined) throw new RuntimeFailureError(`The run returned no output ${name}.`);
  return returnedTensor(name, tensor);
}
