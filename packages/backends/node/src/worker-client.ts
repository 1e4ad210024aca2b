import {
  BackendUnavailableError,
  DisposedError,
  fromErrorRecord,
  RuntimeFailureError,
  type FollowedRun,
  type OvisError,
} from '@ovis/core';
import type { Worker } from 'node:worker_threads';
import type { CallName, WorkerCalls, WorkerReply } from './protocol.ts';

type Pending = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onPart: OnPart | undefined;
};

/** Hears of what comes before the reply. */
type OnPart = (part: readonly FollowedRun[]) => void;

/**
 * Calls into the worker thread. The worker does them one after the other, in the order they were made. An
 * idle worker does not keep the process alive.
 */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #onCall: () => void;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #lastState = 0;
  /** Why no call is taken any more. */
  #closed: OvisError | null = null;
  #closing: Promise<void> | null = null;

  /** @param onCall - Called before each call is sent. */
  constructor(worker: Worker, onCall: () => void = () => {}) {
    this.#worker = worker;
    this.#onCall = onCall;
    worker.unref();
    worker.on('message', (reply: WorkerReply) => {
      this.#settle(reply);
    });
    worker.on('messageerror', (error) => {
      this.#fail(new RuntimeFailureError('An answer of the worker thread could not be read.', { cause: error }));
    });
    worker.on('error', (error) => {
      this.#fail(failureOf(error));
    });
    worker.on('exit', (code) => {
      this.#fail(new RuntimeFailureError(`The worker thread ended with code ${code}. Load the model again.`));
    });
  }

  /** Whether calls are refused. */
  get closed(): boolean {
    return this.#closed !== null;
  }

  /** A number for a new state, which no other state of this worker has. */
  stateId(): number {
    return ++this.#lastState;
  }

  /** Runs `call` in the worker; buffers in `transfer` are given away. */
  async call<K extends CallName>(
    call: K,
    request: WorkerCalls[K]['request'],
    transfer: ArrayBuffer[] = [],
    onPart?: OnPart,
  ): Promise<WorkerCalls[K]['reply']> {
    if (this.#closed) throw this.#closed;
    return this.#send(call, request, transfer, onPart);
  }

  /** Refuses new calls, waits for those that run, and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const crashed = this.#closed !== null;
    this.#closed ??= new DisposedError('The backend was disposed. Open another one.');
    try {
      if (!crashed) await this.#send('close', null, []);
    } finally {
      await this.#worker.terminate();
    }
  }

  #send<K extends CallName>(
    call: K,
    request: WorkerCalls[K]['request'],
    transfer: ArrayBuffer[],
    onPart?: OnPart,
  ): Promise<WorkerCalls[K]['reply']> {
    const id = ++this.#lastId;
    this.#onCall();
    return new Promise<WorkerCalls[K]['reply']>((resolve, reject) => {
      this.#worker.postMessage({ id, call, request }, transfer);
      // The reply to this id is the reply of this call.
      this.#pending.set(id, { resolve: (value) => resolve(value as WorkerCalls[K]['reply']), reject, onPart });
      this.#worker.ref();
    });
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id);
    if ('part' in reply) {
      pending?.onPart?.(reply.part);
      return;
    }
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (reply.ok) pending?.resolve(reply.value);
    else pending?.reject(fromErrorRecord(reply.error));
  }

  #fail(error: OvisError): void {
    this.#closed ??= error;
    this.#rejectAll(error);
  }

  #rejectAll(reason: unknown): void {
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    this.#worker.unref();
  }
}

/** What an error that ended the worker means. */
function failureOf(error: unknown): OvisError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return new BackendUnavailableError(
      "The worker file of @ovis/backend-node was not found beside the package's code. If a bundler joined it " +
        'into one file, keep @ovis/backend-node external.',
      { cause: error },
    );
  }
  return new RuntimeFailureError(`The worker thread failed: ${String(error)}. Load the model again.`, { cause: error });
}
