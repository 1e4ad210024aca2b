import {
  asyncDispose,
  type Backend,
  type DeviceInfo,
  type GraphContract,
  type GraphSignature,
  type GraphSource,
  type Session,
} from '@ovis/core';
import { NodeSession } from './node-session.ts';
import type { WorkerClient } from './worker-client.ts';

/** A {@link Backend} whose graphs live in a worker thread. */
export class NodeBackend implements Backend {
  readonly device: DeviceInfo;
  readonly #client: WorkerClient;
  #lastSession = 0;

  constructor(client: WorkerClient, device: DeviceInfo) {
    this.#client = client;
    this.device = device;
  }

  async openSession<const C extends GraphContract>(
    graph: GraphSource,
    contract: C,
    signature: GraphSignature,
  ): Promise<Session<C>> {
    const session = ++this.#lastSession;
    await this.#client.call('openSession', { session, graph, contract, signature });
    return new NodeSession(this.#client, session, contract);
  }

  /** Waits for what runs, frees all sessions and ends the thread. */
  [asyncDispose](): Promise<void> {
    return this.#client.close();
  }
}
