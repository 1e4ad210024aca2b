import {
  asyncDispose,
  bindDimensions,
  DisposedError,
  graphDifferences,
  GraphContractError,
  InvalidArgumentError,
  ModelFileError,
  sameStates,
  type Backend,
  type GraphContract,
  type GraphSignature,
  type GraphSource,
  type LoadedValue,
  type NamedTensors,
  type Session,
  type SessionState,
  type FollowedRun,
  type FollowOptions,
  type StateSpec,
  type SuccessorSpec,
  type TensorSpec,
} from '@ovis/core';
import { successorInputs } from './successor-inputs.ts';

/** What a fake graph keeps of one sequence. */
export type FakeMemory = {
  /** Positions there is room for. */
  capacity: number;
  /** Whatever the graph likes to remember. */
  readonly values: Map<string, unknown>;
};

/** A graph as a function. */
export type FakeGraph = {
  /** How a session asks for it: a path, or the bytes of a model. */
  readonly source: string | Uint8Array;
  readonly signature: GraphSignature;
  /** The outputs of one run; may give more than were asked for. */
  run(inputs: NamedTensors, memory: FakeMemory | null): NamedTensors | Promise<NamedTensors>;
};

/** A backend without a runtime, with what a test may want to know about it. */
export interface FakeBackend extends Backend {
  /** States that were created and not disposed. */
  readonly liveStates: number;
  /** Sessions that were opened and not disposed. */
  readonly liveSessions: number;
}

/** A backend whose graphs are functions. It checks and refuses what a real one does. */
export function openFakeBackend(graphs: readonly FakeGraph[]): FakeBackend {
  return new FunctionBackend(graphs);
}

class FunctionBackend implements FakeBackend {
  readonly integerProducts = 'wide';
  readonly device = { kind: 'cpu', runtime: 'fake', reasons: ['a test asked for it'] } as const;
  readonly #graphs: readonly FakeGraph[];
  readonly #sessions = new Set<FunctionSession>();
  #disposed = false;

  constructor(graphs: readonly FakeGraph[]) {
    this.#graphs = graphs;
  }

  get liveSessions(): number {
    return this.#sessions.size;
  }

  get liveStates(): number {
    return [...this.#sessions].reduce((sum, session) => sum + session.states.size, 0);
  }

  async openSession<const C extends GraphContract>(
    source: GraphSource,
    contract: C,
    signature: GraphSignature,
  ): Promise<Session<C>> {
    if (this.#disposed) throw new DisposedError('The backend was disposed.');
    const graph = this.#graphs.find((candidate) => isSame(candidate.source, source));
    if (graph === undefined) throw new ModelFileError('The fake backend has no such graph.');
    const state = graph.signature.state;
    const differences = graphDifferences(contract, signature, {
      inputs: [
        ...valuesOf(graph.signature.inputs),
        ...state.map(({ input, dtype, shape }) => ({ name: input, dtype, shape })),
      ],
      outputs: [
        ...valuesOf(graph.signature.outputs),
        ...state.flatMap(({ output, appended, dtype, shape }) => [
          { name: output, dtype, shape },
          // How long it is on the growing axis, nobody asks.
          ...(appended ? [{ name: appended.output, dtype, shape }] : []),
        ]),
      ],
    });
    if (differences.length > 0) {
      throw new GraphContractError(differences.join('; '), { details: { differences } });
    }
    const session = new FunctionSession(graph, contract, (closed) => this.#sessions.delete(closed));
    this.#sessions.add(session);
    // Its `run` checks names against the contract, which the types here cannot follow.
    return session as unknown as Session<C>;
  }

  async [asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#sessions].map((session) => session[asyncDispose]()));
  }
}

class FunctionSession implements AsyncDisposable {
  readonly states = new Set<FunctionState>();
  readonly follow: ((inputs: NamedTensors, options: FollowOptions) => AsyncGenerator<FollowedRun>) | null;
  readonly #graph: FakeGraph;
  readonly #contract: GraphContract;
  readonly #onDispose: (session: FunctionSession) => void;
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(graph: FakeGraph, contract: GraphContract, onDispose: (session: FunctionSession) => void) {
    this.#graph = graph;
    this.#contract = contract;
    this.#onDispose = onDispose;
    const { successor } = graph.signature;
    this.follow = successor ? (inputs, options) => this.#follow(inputs, successor, options) : null;
  }

  async run(
    inputs: NamedTensors,
    options: { readonly outputs?: readonly string[]; readonly state?: SessionState } = {},
  ): Promise<NamedTensors> {
    this.#assertUsable();
    const memory = this.#memoryOf(options.state);
    const outputs = options.outputs ?? Object.keys(this.#contract.outputs);
    const unknown = outputs.find((name) => !Object.hasOwn(this.#graph.signature.outputs, name));
    if (unknown !== undefined) throw new InvalidArgumentError(`The graph has no output ${unknown}.`);
    bindDimensions(this.#graph.signature.inputs, inputs);
    const result = this.#last.then(() => this.#graph.run(structuredClone(inputs), memory));
    this.#last = result.catch(() => undefined);
    const all = await result;
    return Object.fromEntries(Object.entries(all).filter(([name]) => outputs.includes(name)));
  }

  /** Makes the runs of `follow` one after the other. */
  async *#follow(
    inputs: NamedTensors,
    successor: SuccessorSpec,
    { state, runs, until }: FollowOptions,
  ): AsyncGenerator<FollowedRun, void, undefined> {
    const outputs = [successor.choice, ...Object.values(successor.feeds)];
    let next = inputs;
    for (let run = 1; ; run++) {
      const results = await this.run(next, { outputs, state });
      const choice = Number(results[successor.choice]?.data[0] ?? -1);
      if (choice < 0) return;
      yield { choice, ms: 1 };
      const following = successorInputs(successor, next, results);
      if (run >= runs || until.includes(choice) || following === null || following.length > state.capacity) return;
      next = following.inputs;
    }
  }

  async createState(capacity: number): Promise<SessionState> {
    this.#assertUsable();
    const state = new FunctionState(capacity, this.#graph.signature.state, (disposed) => this.states.delete(disposed));
    this.states.add(state);
    return state;
  }

  async [asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.#last;
    for (const state of this.states) await state[asyncDispose]();
    this.#onDispose(this);
  }

  #memoryOf(state: SessionState | undefined): FakeMemory | null {
    if ((state === undefined) !== (this.#graph.signature.state.length === 0)) {
      throw new InvalidArgumentError(state === undefined ? 'The graph needs a state.' : 'The graph takes no state.');
    }
    if (state === undefined) return null;
    if (!(state instanceof FunctionState)) throw new InvalidArgumentError('The state is of another backend.');
    if (state.disposed) throw new DisposedError('The state was disposed.');
    if (!sameStates(state.specs, this.#graph.signature.state)) {
      throw new InvalidArgumentError('The state is of another kind of graph.');
    }
    return state.memory;
  }

  #assertUsable(): void {
    if (this.#disposed) throw new DisposedError('The session was disposed.');
  }
}

class FunctionState implements SessionState {
  readonly memory: FakeMemory;
  readonly specs: readonly StateSpec[];
  disposed = false;
  readonly #onDispose: (state: FunctionState) => void;

  constructor(capacity: number, specs: readonly StateSpec[], onDispose: (state: FunctionState) => void) {
    assertPositions(capacity);
    this.specs = specs;
    this.memory = { capacity, values: new Map() };
    this.#onDispose = onDispose;
  }

  get capacity(): number {
    return this.memory.capacity;
  }

  async reserve(positions: number, used: number): Promise<void> {
    if (this.disposed) throw new DisposedError('The state was disposed.');
    assertPositions(positions);
    if (used < 0 || used > this.capacity) throw new InvalidArgumentError(`used is ${used} of ${this.capacity}.`);
    this.memory.capacity = Math.max(this.capacity, positions);
  }

  async [asyncDispose](): Promise<void> {
    this.disposed = true;
    this.#onDispose(this);
  }
}

function assertPositions(positions: number): void {
  if (!Number.isSafeInteger(positions) || positions < 0) throw new InvalidArgumentError(`${positions} positions.`);
}

function isSame(known: string | Uint8Array, source: GraphSource): boolean {
  if (source.kind === 'path') return known === source.path;
  return (
    known instanceof Uint8Array &&
    known.length === source.model.length &&
    known.every((byte, index) => byte === source.model[index])
  );
}

function valuesOf(specs: Readonly<Record<string, TensorSpec>>): LoadedValue[] {
  return Object.entries(specs).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}
