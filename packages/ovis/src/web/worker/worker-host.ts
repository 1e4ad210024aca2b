import { toErrorRecord } from '@ovis/core';
import type { PageMessage, WorkerMessage } from '../protocol.ts';
import { CallControl } from './call-control.ts';
import { WorkerService } from './worker-service.ts';

/** Takes the page's messages, and answers them. */
export class WorkerHost {
  readonly #service = new WorkerService();
  readonly #running = new Map<number, CallControl>();

  /** Begins to listen, and lets the page watch over this worker's life. */
  async start(): Promise<void> {
    self.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
      this.#receive(data);
    });
    this.#post({ type: 'started', lock: await holdLock() });
  }

  #receive(message: PageMessage): void {
    switch (message.type) {
      case 'call':
        void this.#answer(message);
        return;
      case 'abort':
        this.#running.get(message.id)?.abort();
        return;
      case 'taken':
        this.#running.get(message.id)?.taken();
        return;
      case 'stop':
        this.#running.get(message.id)?.stop();
        return;
    }
  }

  async #answer(message: Extract<PageMessage, { readonly type: 'call' }>): Promise<void> {
    const { id } = message;
    const control = new CallControl((sent) => {
      this.#post({ ...sent, id });
    });
    this.#running.set(id, control);
    try {
      const { value, transfer = [] } = await this.#service.perform(message, control);
      this.#post({ type: 'done', id, value }, transfer);
    } catch (error) {
      if (control.signal.aborted) this.#post({ type: 'aborted', id });
      else this.#post({ type: 'failed', id, error: toErrorRecord(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  /** `self` is typed as a page's, whose `postMessage` takes the same options. */
  #post(message: WorkerMessage, transfer: readonly Transferable[] = []): void {
    self.postMessage(message, { transfer: [...transfer] });
  }
}

/** Holds a lock until the worker ends; gives its name, or null where the browser has no locks. */
async function holdLock(): Promise<string | null> {
  // Absent outside secure contexts.
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) return null;
  const name = `ovis-worker-${crypto.randomUUID()}`;
  await new Promise<void>((resolve) => {
    void locks.request(name, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
  return name;
}
