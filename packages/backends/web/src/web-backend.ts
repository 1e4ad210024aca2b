import {
  asyncDispose,
  DisposedError,
  type Backend,
  type DeviceInfo,
  type GraphContract,
  type GraphSignature,
  type GraphSource,
  type IntegerProducts,
  type Session,
  type StateSpec,
} from '@ovis/core';
import { loadSession } from './load-session.ts';
import { runtimeQueue } from './runtime/in-order.ts';
import { runFailure } from './runtime/runtime-failures.ts';
import type { StartedRuntime } from './runtime/started-runtime.ts';
import { GpuState } from './state/gpu-state.ts';
import { HostState } from './state/host-state.ts';
import type { StateMemory } from './state/state-memory.ts';
import type { SessionHost } from './session-host.ts';
import { WebSession } from './web-session.ts';

/** A {@link Backend} on onnxruntime-web. Its work waits in the queue of the page or worker. */
export class WebBackend implements Backend, SessionHost {
  readonly device: DeviceInfo;
  readonly integerProducts: IntegerProducts;
  readonly #started: StartedRuntime;
  readonly #sessions = new Set<AsyncDisposable>();
  #disposing: Promise<void> | null = null;

  constructor(started: StartedRuntime, device: DeviceInfo) {
    this.#started = started;
    this.device = device;
    this.integerProducts = started.integerProducts;
  }

  async openSession<const C extends GraphContract>(
    graph: GraphSource,
    contract: C,
    signature: GraphSignature,
  ): Promise<Session<C>> {
    this.assertOpen();
    const loaded = await this.run(() => loadSession(this.#started, graph, contract, signature));
    const session = new WebSession(this, loaded, contract);
    this.#sessions.add(session);
    return session;
  }

  /** Waits for what runs, frees all sessions and gives the device back. */
  [asyncDispose](): Promise<void> {
    this.#disposing ??= (async () => {
      for (const session of this.#sessions) await session[asyncDispose]();
      await runtimeQueue.run(() => {
        this.#started.graphics?.close();
        return Promise.resolve();
      });
    })();
    return this.#disposing;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const { graphics } = this.#started;
    return runtimeQueue.run(async () => {
      try {
        return await (graphics === null ? work() : graphics.run(work));
      } catch (error) {
        throw runFailure(error);
      }
    });
  }

  async allocate(specs: readonly StateSpec[], positions: number, onHost: boolean): Promise<StateMemory> {
    const { runtime, graphics } = this.#started;
    if (graphics === null || onHost) return new HostState(runtime, specs, positions);
    return GpuState.create({ runtime, device: graphics.device }, specs, positions);
  }

  forget(session: AsyncDisposable): void {
    this.#sessions.delete(session);
  }

  assertOpen(): void {
    if (this.#disposing) throw new DisposedError('The backend was disposed. Open another one.');
  }
}
