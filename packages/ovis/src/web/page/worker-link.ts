import { fromErrorRecord, InvalidArgumentError, type OnProgress } from '@ovis/core';
import type { StreamPart } from '../../answer/answer-types.ts';
import type { CallName, PageMessage, WorkerCalls, WorkerMessage } from '../protocol.ts';
import { workerEnded, workerNotStarted } from './ended-worker.ts';
import { whenReleased } from './when-released.ts';

/** What goes with a call but cannot be posted. */
export type CallOptions = {
  /** Objects given away with the request. */
  readonly transfer?: readonly Transferable[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Receives the parts of a stream. */
  readonly onPart?: ((part: StreamPart) => void) | undefined;
};

type Pending = CallOptions & {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

/** Calls into the worker, which does them side by side. Knows when the worker dies. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #started = false;
  /** Why no call is taken any more. */
  #ended: Error | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      this.#receive(data);
    });
    worker.addEventListener('messageerror', () => {
      this.end(workerEnded('an answer of it could not be read'));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      // A script that cannot be fetched gives an event without a message.
      const message: unknown = Reflect.get(event, 'message');
      const text = typeof message === 'string' ? message : '';
      this.end(this.#started ? workerEnded(text || 'an error without a message') : workerNotStarted(text));
    });
  }

  /** Why the worker takes no calls any more, or null. */
  get ended(): Error | null {
    return this.#ended;
  }

  /** Runs `call` in the worker. An aborted call settles when its work has ended, with the signal's reason. */
  call<K extends CallName>(
    call: K,
    request: WorkerCalls[K]['request'],
    options: CallOptions = {},
  ): { readonly id: number; readonly reply: Promise<WorkerCalls[K]['reply']> } {
    const id = ++this.#lastId;
    const { transfer = [], signal } = options;
    const reply = new Promise<WorkerCalls[K]['reply']>((resolve, reject) => {
      if (this.#ended !== null) throw this.#ended;
      signal?.throwIfAborted();
      this.#post({ type: 'call', id, call, request } as PageMessage, transfer);
      // The reply to this id is the reply of this call.
      this.#pending.set(id, { ...options, resolve: (value) => resolve(value as WorkerCalls[K]['reply']), reject });
    });
    return { id, reply: signal === undefined ? reply : this.#withSignal(id, reply, signal) };
  }

  /** Tells the worker something about a call that runs. */
  tell(message: Exclude<PageMessage, { readonly type: 'call' }>): void {
    if (this.#pending.has(message.id)) this.#post(message, []);
  }

  /** Ends the worker at once; whatever runs fails with `reason`. */
  end(reason: Error): void {
    this.#ended ??= reason;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }

  async #withSignal<T>(id: number, reply: Promise<T>, signal: AbortSignal): Promise<T> {
    const abort = () => {
      this.tell({ type: 'abort', id });
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await reply;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #receive(message: WorkerMessage): void {
    if (message.type === 'started') {
      this.#started = true;
      if (message.lock !== null) {
        void whenReleased(message.lock).then(() =>
          this.end(workerEnded('the browser stopped it, perhaps for its memory')),
        );
      }
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    switch (message.type) {
      case 'progress':
        pending.onProgress?.(message.progress);
        return;
      case 'part':
        pending.onPart?.(message.part);
        return;
      case 'done':
        pending.resolve(message.value);
        break;
      case 'failed':
        pending.reject(fromErrorRecord(message.error));
        break;
      case 'aborted':
        pending.reject(pending.signal?.reason);
        break;
    }
    this.#pending.delete(message.id);
  }

  #post(message: PageMessage, transfer: readonly Transferable[]): void {
    try {
      this.#worker.postMessage(message, [...transfer]);
    } catch (cause) {
      throw new InvalidArgumentError(
        `The request cannot be handed to the worker: ${String(cause)}. Pass plain data, pictures, a signal and onProgress only.`,
        { cause },
      );
    }
  }
}
