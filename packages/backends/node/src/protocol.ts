import type {
  ErrorRecord,
  FollowedRun,
  GraphContract,
  GraphSignature,
  GraphSource,
  IntegerProducts,
  NamedTensors,
} from '@ovis/core';

/** Devices that onnxruntime-node can be asked for. */
export type NodeDevice = 'cpu' | 'webgpu' | 'cuda';

/** How keys and values come back from a run. */
export type StateUpdates = 'auto' | 'copy';

/** Whether waiting threads stay awake for a moment. */
export type Spinning = 'on' | 'off';

/** How the backend is to work. */
export type StartOptions = {
  readonly device: NodeDevice;
  /** Threads inside one operator. */
  readonly threads: number;
  readonly spinning: Spinning;
  readonly stateUpdates: StateUpdates;
};

/** What the worker is started with. */
export type StartRequest = StartOptions & {
  /** What another worker found out with the same options; null where this one must try the device. */
  readonly known: Findings | null;
};

/** What trying the runtime and its device gave. */
export type Findings = {
  /** Version of onnxruntime-node. */
  readonly version: string;
  /** How states pass from run to run. */
  readonly states: 'in-place' | 'copied' | 'on-device';
  /** Whether the processor computes attention for a device that would get it wrong. */
  readonly attentionOnCpu: boolean;
  /** Which whole-number products are exact. */
  readonly integerProducts: IntegerProducts;
};

/** Everything the worker does, with what it takes and gives. Ids are chosen by the caller. */
export type WorkerCalls = {
  start: { request: StartRequest; reply: Findings };
  openSession: {
    request: {
      readonly session: number;
      readonly graph: GraphSource;
      readonly contract: GraphContract;
      readonly signature: GraphSignature;
    };
    /** Whether runs may follow each other. */
    reply: { readonly follows: boolean };
  };
  run: {
    request: {
      readonly session: number;
      readonly inputs: NamedTensors;
      readonly outputs: readonly string[];
      readonly state: number | null;
    };
    reply: NamedTensors;
  };
  /** Runs that follow each other. What they give comes in parts, the last of which is the reply. */
  follow: {
    request: {
      readonly session: number;
      readonly state: number;
      readonly inputs: NamedTensors;
      readonly runs: number;
      readonly until: readonly number[];
      /** One int32: how many parts were taken so far; negative when no more will be. */
      readonly taken: SharedArrayBuffer;
    };
    reply: readonly FollowedRun[];
  };
  /**
   * Gives the capacity, here and for `reserve`. The number of a state is its own among all sessions: every session with
   * equal state specs may run with it.
   */
  createState: {
    request: { readonly session: number; readonly state: number; readonly capacity: number };
    reply: number;
  };
  reserve: {
    request: { readonly state: number; readonly positions: number; readonly used: number };
    reply: number;
  };
  disposeState: { request: { readonly state: number }; reply: null };
  disposeSession: { request: { readonly session: number }; reply: null };
  /** Releases everything. */
  close: { request: null; reply: null };
};

/** Name of a call. */
export type CallName = keyof WorkerCalls;

/** A call on its way to the worker. */
export type WorkerRequest = {
  [K in CallName]: { readonly id: number; readonly call: K; readonly request: WorkerCalls[K]['request'] };
}[CallName];

/** Its answer, perhaps after parts of it. */
export type WorkerReply =
  | { readonly id: number; readonly part: readonly FollowedRun[] }
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorRecord };
