import {
  DisposedError,
  InvalidArgumentError,
  ModelFileError,
  type FollowedRun,
  type GraphSignature,
  type GraphSource,
} from '@ovis/core';
import { access, readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import type { CallName, Findings, StartRequest, WorkerCalls } from '../protocol.ts';
import { followRuns, type FollowParent } from './follow-runs.ts';
import { graphOptions, type GraphOptionsContext } from './graph-options.ts';
import { GraphSession, type RunState, type StateHandling } from './graph-session.ts';
import { loadRuntime, type Runtime } from './load-runtime.ts';
import { loadFailure } from './runtime-failures.ts';
import { sessionOptions } from './session-options.ts';
import { TensorJoiner } from './tensor-joiner.ts';
import { tryDevice } from './try-device.ts';

type Started = GraphOptionsContext & { readonly runtime: Runtime };

/** A state, and the session that made it. */
type Kept = { readonly session: number; readonly state: RunState };

/** What the worker does, one method per call of the protocol. Calls must not overlap. */
export class WorkerService {
  #started: Started | null = null;
  readonly #sessions = new Map<number, GraphSession>();
  readonly #states = new Map<number, Kept>();
  /** Disposed sessions that states may still need. */
  readonly #retired: GraphSession[] = [];

  /** The implementation of each call. */
  readonly calls: {
    readonly [K in Exclude<CallName, 'follow'>]: (
      request: WorkerCalls[K]['request'],
    ) => Promise<WorkerCalls[K]['reply']>;
  } = {
    start: (request) => this.#start(request),
    openSession: async ({ session, graph: source, ...expectation }) => {
      const { runtime, states } = this.#running();
      const place = source.kind === 'path' ? source.path : 'memory';
      const loaded = await this.#load(source, place, expectation.signature);
      try {
        const graph = new GraphSession(runtime, loaded, { place, ...expectation }, states);
        this.#sessions.set(session, graph);
        return { follows: graph.successor !== null };
      } catch (error) {
        await loaded.release();
        throw error;
      }
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
      await existing.reserve(positions, used);
      return existing.capacity;
    },
    disposeState: async ({ state }) => {
      this.#states.get(state)?.state.dispose();
      this.#states.delete(state);
      if (this.#states.size === 0) await this.#releaseRetired();
      return null;
    },
    disposeSession: async ({ session }) => {
      for (const [id, kept] of this.#states) {
        if (kept.session !== session) continue;
        kept.state.dispose();
        this.#states.delete(id);
      }
      const graph = this.#sessions.get(session);
      this.#sessions.delete(session);
      // What a session left on the device must not outlive it, and another session's state may hold it.
      if (graph && this.#started?.states.kind === 'on-device' && this.#states.size > 0) this.#retired.push(graph);
      else await graph?.release();
      return null;
    },
    close: async () => {
      for (const { state } of this.#states.values()) state.dispose();
      this.#states.clear();
      await this.#releaseRetired();
      for (const graph of this.#sessions.values()) await graph.release();
      this.#sessions.clear();
      if (this.#started?.states.kind === 'on-device') await this.#started.states.joiner.release();
      return null;
    },
  };

  /** Makes runs that follow each other; gives the last part of what they chose. */
  async follow(request: WorkerCalls['follow']['request'], parent: FollowParent): Promise<readonly FollowedRun[]> {
    return followRuns(this.#session(request.session), this.#state(request.state), request, parent);
  }

  /** Loads the runtime, and tries the device where that was not done yet. */
  async #start(request: StartRequest): Promise<Findings> {
    const runtime = await loadRuntime();
    const options = sessionOptions(request);
    runtime.env.logLevel = 'error';
    const findings = request.known ?? (await tryDevice(runtime, request, options));
    const { states: kind, attentionOnCpu } = findings;
    const states: StateHandling =
      kind === 'on-device' ? { kind, joiner: new TensorJoiner(runtime, options) } : { kind };
    this.#started = { runtime, device: request.device, options, states, attentionOnCpu };
    return findings;
  }

  async #load(graph: GraphSource, place: string, signature: GraphSignature): Promise<InferenceSession> {
    const started = this.#running();
    const create = (model: string | Uint8Array, options: InferenceSession.SessionOptions) =>
      typeof model === 'string'
        ? started.runtime.InferenceSession.create(model, options)
        : started.runtime.InferenceSession.create(model, options);
    try {
      if (graph.kind === 'path') {
        const { path } = graph;
        await access(path);
        return await create(path, await graphOptions(started, signature, () => readFile(path)));
      }
      const externalData = await Promise.all(
        graph.externalData.map(async ({ location, data }) => ({
          path: location,
          data: data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : data,
        })),
      );
      const { model } = graph;
      return await create(model, { ...(await graphOptions(started, signature, async () => model)), externalData });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        throw new ModelFileError(`There is no graph at ${place}. Convert the checkpoint again.`, { cause: error });
      }
      throw loadFailure(error, place);
    }
  }

  async #releaseRetired(): Promise<void> {
    for (const graph of this.#retired.splice(0)) await graph.release();
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

  #state(id: number): RunState {
    const kept = this.#states.get(id);
    if (kept === undefined) throw new DisposedError('The state was disposed, itself or with the session that made it.');
    return kept.state;
  }
}
