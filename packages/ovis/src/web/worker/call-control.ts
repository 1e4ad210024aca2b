import type { Progress } from '@ovis/core';
import type { StreamPart } from '../../answer/answer-types.ts';
import { PARTS_AHEAD, type WorkerMessage } from '../protocol.ts';

/** What a call that runs sends to the page. */
export type SentByCall =
  | Omit<Extract<WorkerMessage, { readonly type: 'progress' }>, 'id'>
  | Omit<Extract<WorkerMessage, { readonly type: 'part' }>, 'id'>;

/** Least milliseconds between two reports on the same item. */
const PROGRESS_PERIOD = 50;

/** How the page and a call that runs influence each other. */
export class CallControl {
  readonly #send: (message: SentByCall) => void;
  readonly #abortion = new AbortController();
  #lastProgress = { item: '', time: 0 };
  #ahead = 0;
  #stopped = false;
  #wake: () => void = () => undefined;

  constructor(send: (message: SentByCall) => void) {
    this.#send = send;
  }

  /** Aborted when the caller's signal is. */
  get signal(): AbortSignal {
    return this.#abortion.signal;
  }

  /** Whether the reader of a stream wants no more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Tells the caller how far the work is, but does not flood the page: the same item at most every few frames. */
  readonly onProgress = (progress: Progress): void => {
    const { phase, item, done, total } = progress;
    const last = this.#lastProgress;
    const now = performance.now();
    if (last.item === `${phase} ${item}` && done < total && now - last.time < PROGRESS_PERIOD) return;
    this.#lastProgress = { item: `${phase} ${item}`, time: now };
    this.#send({ type: 'progress', progress });
  };

  /** Sends a part of a stream; settles when another may be made. */
  async send(part: StreamPart): Promise<void> {
    this.#send({ type: 'part', part });
    this.#ahead++;
    while (this.#ahead >= PARTS_AHEAD && !this.#stopped && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The reader took a part. */
  taken(): void {
    this.#ahead--;
    this.#wake();
  }

  /** The reader wants no more. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** The caller's signal was aborted. */
  abort(): void {
    this.#abortion.abort();
    this.#wake();
  }
}
