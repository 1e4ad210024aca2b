import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { RuntimeFailureError } from '@ovis/core';
import { transferOf, type QuantiseReply, type QuantiseRequest } from './protocol.ts';

/** The answer to a batch. */
export type LaneAnswer = Extract<QuantiseReply, { readonly type: 'done' }>;

type Waiting = { readonly resolve: (answer: LaneAnswer) => void; readonly reject: (reason: unknown) => void };

/** One worker, which answers in the order it is asked. */
export class QuantiseLane {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #failure: unknown = null;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: QuantiseReply) => {
      if (reply.type === 'done') this.#waiting.shift()?.resolve(reply);
    });
    worker.on('error', (cause) => {
      this.#fail(new RuntimeFailureError(`A quantising thread failed: ${String(cause)}`, { cause }));
    });
    worker.on('exit', (code) => {
      this.#fail(new RuntimeFailureError(`A quantising thread ended with code ${code} before it was done.`));
    });
  }

  /** Waits until the worker listens; rejects when it does not come to that. */
  static async start(worker: Worker): Promise<QuantiseLane> {
    const ended = once(worker, 'exit').then(() => {
      throw new Error('The thread ended before it began.');
    });
    await Promise.race([once(worker, 'message'), ended]); // an error rejects both
    return new QuantiseLane(worker);
  }

  /** Batches on their way. */
  get load(): number {
    return this.#waiting.length;
  }

  /** Hands a batch over; its arrays come back with the answer. */
  ask(request: QuantiseRequest): Promise<LaneAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request, transferOf(request));
    });
  }

  /** Ends the worker, whatever it does; batches on their way are rejected. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(reason: unknown): void {
    this.#failure ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
