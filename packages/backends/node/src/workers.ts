import { DisposedError, type GraphSignature } from '@ovis/core';
import type { StartRequest } from './protocol.ts';
import { startClient } from './start-client.ts';
import type { WorkerClient } from './worker-client.ts';

/**
 * The worker threads of one backend. On a CPU there are two: graphs without a state have a thread of their own, so that
 * they load, and run, beside the others; states never leave the thread of the graphs that share them. On other devices
 * all graphs share one thread, as they share the device.
 */
export class Workers {
  readonly #start: StartRequest;
  readonly #first: WorkerClient;
  #second: Promise<WorkerClient> | null = null;
  #closing: Promise<void> | null = null;

  /**
   * @param start - How further workers start.
   * @param first - The worker that is there; closed with the others.
   */
  constructor(start: StartRequest, first: WorkerClient) {
    this.#start = start;
    this.#first = first;
  }

  /** The thread for a graph; started when the first graph needs it. */
  async clientFor({ state }: GraphSignature): Promise<WorkerClient> {
    if (this.#closing) throw new DisposedError('The backend was disposed. Open another one.');
    if (this.#start.device !== 'cpu' || state.length > 0) return this.#first;
    this.#second ??= startClient(this.#start).then(({ client }) => client);
    return this.#second;
  }

  /** Refuses new calls, waits for those that run, and ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#first.close();
    } finally {
      // A thread that did not start has closed itself.
      const second = await this.#second?.catch(() => null);
      await second?.close();
    }
  }
}
