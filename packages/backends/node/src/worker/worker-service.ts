import {
  DisposedError,
  InvalidArgumentError,
  ModelFileError,
  type GraphSource,
  type IntegerProducts,
} from '@ovis/core';
import { access } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import type { CallName, StartReply, StartRequest, WorkerCalls } from '../protocol.ts';
import { GraphSession } from './graph-session.ts';
import type { GraphState } from './graph-state.ts';
import { passesInPlaceProbe } from './in-place-probe.ts';
import { findIntegerProducts } from './find-integer-products.ts';
import { loadRuntime, type Runtime } from './load-runtime.ts';
import { probeModel } from './probe-model.ts';
import { deviceFailure, loadFailure } from './runtime-failures.ts';
import { sessionOptions } from './session-options.ts';

type Started = {
  readonly runtime: Runtime;
  readonly options: InferenceSession.SessionOptions;
  readonly inPlace: boolean;
};
/** A state, and the session that made it. */
type Kept = { readonly session: number; readonly state: GraphState };

/** What the worker does, one method per call of the protocol. Calls must not overlap. */
export class WorkerService {
  #started: Started | null = null;
  readonly #sessions = new Map<number, GraphSession>();
  readonly #states = new Map<number, Kept>();

  /** The implementation of each call. */
  readonly calls: {
    readonly [K in CallName]: (request: WorkerCalls[K]['request']) => Promise<WorkerCalls[K]['reply']>;
  } = {
    start: (request) => this.#start(request),
    openSession: async ({ session, graph, ...expectation }) => {
      const { runtime, inPlace } = this.#running();
      const place = graph.kind === 'path' ? graph.path : 'memory';
      const loaded = await this.#load(graph, place);
      try {
        this.#sessions.set(session, new GraphSession(runtime, loaded, { place, ...expectation }, inPlace));
      } catch (error) {
        await loaded.release();
        throw error;
      }
      return null;
    },
    run: async ({ session, inputs, outputs, state }) =>
      this.#session(session).run(inputs, outputs, state === null ? null : this.#state(state)),
    createState: async ({ session, state, capacity }) => {
      const created = this.#session(session).createState(capacity);
      this.#states.set(state, { session, state: created });
      return created.capacity;
    },
    reserve: async ({ state, positions, used }) => {
      const existing = this.#state(state);
      existing.reserve(positions, used);
      return existing.capacity;
    },
    disposeState: async ({ state }) => {
      this.#states.delete(state);
      return null;
    },
    disposeSession: async ({ session }) => {
      for (const [id, kept] of this.#states) if (kept.session === session) this.#states.delete(id);
      await this.#sessions.get(session)?.release();
      this.#sessions.delete(session);
      return null;
    },
    close: async () => {
      this.#states.clear();
      for (const graph of this.#sessions.values()) await graph.release();
      this.#sessions.clear();
      return null;
    },
  };

  /** Loads the runtime and tries the device with the probe model. */
  async #start(request: StartRequest): Promise<StartReply> {
    const runtime = await loadRuntime();
    const options = sessionOptions(request);
    runtime.env.logLevel = 'error';
    let inPlace = false;
    let integerProducts: IntegerProducts;
    try {
      const probe = await runtime.InferenceSession.create(probeModel, options);
      // On other devices the binding ignores preallocated outputs.
      if (request.device === 'cpu' && request.stateUpdates === 'auto')
        inPlace = await passesInPlaceProbe(runtime, probe);
      await probe.release();
      integerProducts = await findIntegerProducts(runtime, options);
    } catch (error) {
      throw deviceFailure(error, request.device);
    }
    this.#started = { runtime, options, inPlace };
    return { version: runtime.env.versions.node ?? 'of unknown version', inPlace, integerProducts };
  }

  async #load(graph: GraphSource, place: string): Promise<InferenceSession> {
    const { runtime, options } = this.#running();
    try {
      if (graph.kind === 'path') {
        await access(graph.path);
        return await runtime.InferenceSession.create(graph.path, options);
      }
      const externalData = await Promise.all(
        graph.externalData.map(async ({ location, data }) => ({
          path: location,
          data: data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : data,
        })),
      );
      return await runtime.InferenceSession.create(graph.model, { ...options, externalData });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        throw new ModelFileError(`There is no graph at ${place}. Convert the checkpoint again.`, { cause: error });
      }
      throw loadFailure(error, place);
    }
  }

  #running(): Started {
    if (this.#started === null) throw new InvalidArgumentError('The worker was not started.');
    return this.#started;
  }

  #session(id: number): GraphSession {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new DisposedError('The session was disposed. Open another one.');
    return session;
  }

  #state(id: number): GraphState {
    const kept = this.#states.get(id);
    if (kept === undefined) throw new DisposedError('The state was disposed, itself or with the session that made it.');
    return kept.state;
  }
}
