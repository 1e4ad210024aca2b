import type { StreamPart } from '../../answer/answer-types.ts';
import type { PostedRequest } from '../protocol.ts';
import type { Posted } from './post-request.ts';
import type { CallOptions, WorkerLink } from './worker-link.ts';

/**
 * Reads a streamed answer from the worker, which stays a few parts ahead and waits when the reader is slow. Leaving
 * the loop ends the run; the generator's `return` settles when it has.
 */
export async function* streamParts(
  link: WorkerLink,
  { value, transfer }: Posted<PostedRequest>,
  { signal, onProgress }: Pick<CallOptions, 'signal' | 'onProgress'>,
): AsyncGenerator<StreamPart, void, undefined> {
  const parts: StreamPart[] = [];
  let wake: (() => void) | null = null;
  const { id, reply } = link.call('stream', value, {
    transfer,
    signal,
    onProgress,
    onPart: (part) => {
      parts.push(part);
      wake?.();
    },
  });
  let ended = false;
  const end = reply.finally(() => {
    ended = true;
    wake?.();
  });
  end.catch(() => undefined);
  try {
    for (;;) {
      if (signal?.aborted === true && !(ended && parts.length === 0)) {
        // What was made ahead is not shown any more; the run has ended when this throws.
        await end.catch(() => undefined);
        throw signal.reason;
      }
      const part = parts.shift();
      if (part !== undefined) {
        link.tell({ type: 'taken', id });
        yield part;
      } else if (ended) {
        await end;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    link.tell({ type: 'stop', id });
    await end.catch(() => undefined);
  }
}
