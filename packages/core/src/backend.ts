import type { DeviceInfo } from './device.ts';
import type { IntegerProducts } from './integer-products.ts';
import type { GraphContract, GraphSignature, TensorsFor } from './graph-contract.ts';

/** Where a backend finds a graph: a file whose external data lies beside it, or its bytes. */
export type GraphSource =
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'bytes';
      readonly model: Uint8Array;
      /** External data by the `location` that the graph names. */
      readonly externalData: readonly { readonly location: string; readonly data: Uint8Array | Blob }[];
    };

/**
 * State of one sequence (key/value caches and the like), held by the backend where its device wants it.
 * Owned by whoever created it; disposing frees its memory and is idempotent. It may be passed to every session of the
 * same backend whose state specs are equal ({@link sameStates}), and lives at most as long as the session that created it.
 */
export interface SessionState extends AsyncDisposable {
  /** Positions there is room for. */
  readonly capacity: number;
  /** Makes room for at least `positions`, keeping the first `used`. Never shrinks. */
  reserve(positions: number, used: number): Promise<void>;
}

/** Options of one run. */
export type RunOptions<Name extends string = string> = {
  /** Outputs to return; the others stay where they are. Default: all of the contract. */
  readonly outputs?: readonly Name[];
  /** State to read and advance; required exactly when the graph has one. */
  readonly state?: SessionState;
};

/** One of the runs that follow each other by themselves. */
export type FollowedRun = {
  /** What the graph chose. */
  readonly choice: number;
  /** Milliseconds since the run before, or since the first began. */
  readonly ms: number;
};

/** How far runs follow. */
export type FollowOptions = {
  /** State to read and advance. */
  readonly state: SessionState;
  /** Most runs, 1 or more. The state must have room for the first. */
  readonly runs: number;
  /** Choices after which no run follows. */
  readonly until: readonly number[];
};

/** One loaded graph. A single `run` is the smallest unit of cancellation; runs of one session never overlap. */
export interface Session<C extends GraphContract = GraphContract> extends AsyncDisposable {
  /** Runs the graph once. Input data is not kept and not changed. */
  run<Name extends keyof C['outputs'] & string>(
    inputs: TensorsFor<C['inputs']>,
    options?: RunOptions<Name>,
  ): Promise<TensorsFor<Pick<C['outputs'], Name>>>;
  /**
   * Makes a run, and then those that follow from it by the signature's `successor`, without waiting for the caller in between.
   * Gives the runs in order, perhaps several at a time. It may end before `runs` is reached (other calls wait, nobody takes
   * what it gives, the state is full): go on from the last choice. When it gives none, the graph made no choice. Runs that
   * the caller did not take before it left the loop are as if they had not been made. Null where the graph or the backend cannot.
   */
  readonly follow:
    | ((inputs: TensorsFor<C['inputs']>, options: FollowOptions) => AsyncGenerator<FollowedRun, void, undefined>)
    | null;
  /** An empty state with room for `capacity` positions. */
  createState(capacity: number): Promise<SessionState>;
}

/** A place to run graphs: the only seam between our code and ONNX Runtime. */
export interface Backend extends AsyncDisposable {
  readonly device: DeviceInfo;
  /** Which whole-number products the processor computes exactly; decides which file of a graph is opened. */
  readonly integerProducts: IntegerProducts;
  /**
   * Loads a graph and checks it against its signature.
   *
   * @throws GraphContractError when inputs, outputs or state differ from the signature.
   */
  openSession<const C extends GraphContract>(
    graph: GraphSource,
    contract: C,
    signature: GraphSignature,
  ): Promise<Session<C>>;
}
