import {
  asyncDispose,
  type Backend,
  type DeviceInfo,
  type GraphContract,
  type GraphSignature,
  type GraphSource,
  type IntegerProducts,
  type Session,
} from '@ovis/core';
import { NodeSession } from './node-session.ts';
import type { Workers } from './workers.ts';

/** A {@link Backend} whose graphs live in worker threads. */
export class NodeBackend implements Backend {
  readonly device: DeviceInfo;
  readonly integerProducts: IntegerProducts;
  readonly #workers: Workers;
  #lastSession = 0;

  constructor(workers: Workers, device: DeviceInfo, integerProducts: IntegerProducts) {
    this.#workers = workers;
    this.device = device;
    this.integerProducts = integerProducts;
  }

  async openSession<const C extends GraphContract>(
    graph: GraphSource,
    contract: C,
    signature: GraphSignature,
  ): Promise<Session<C>> {
    const session = ++this.#lastSession;
    const client = await this.#workers.clientFor(signature);
    const { copy, buffers } = copyGraph(graph);
    const { follows } = await client.call('openSession', { session, graph: copy, contract, signature }, buffers);
    return new NodeSession(client, session, contract, follows);
  }

  /** Waits for what runs, frees all sessions and ends the threads. */
  [asyncDispose](): Promise<void> {
    return this.#workers.close();
  }
}

/** The same graph in memory of its own, which may be given away; Blobs are shared anyway. */
function copyGraph(graph: GraphSource): { copy: GraphSource; buffers: ArrayBuffer[] } {
  if (graph.kind === 'path') return { copy: graph, buffers: [] };
  const buffers: ArrayBuffer[] = [];
  const copyBytes = (bytes: Uint8Array) => {
    const copy = new Uint8Array(bytes);
    buffers.push(copy.buffer);
    return copy;
  };
  const model = copyBytes(graph.model);
  const externalData = graph.externalData.map(({ location, data }) => ({
    location,
    data: data instanceof Uint8Array ? copyBytes(data) : data,
  }));
  return { copy: { kind: 'bytes', model, externalData }, buffers };
}
