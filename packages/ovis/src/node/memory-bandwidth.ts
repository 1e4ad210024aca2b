import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { RuntimeFailureError } from '@ovis/core';

/**
 * Bytes per second that several threads together read from memory: what bounds the writing of an answer. Takes
 * about a second and 256 MB per thread.
 *
 * @param threads - In [1, 64].
 * @returns Null where the threads' script is not there, as in an application bundled into one file.
 */
export async function memoryBandwidth(threads: number, signal?: AbortSignal): Promise<number | null> {
  const script = new URL('./memory-worker.js', import.meta.url);
  if (!existsSync(script)) return null;
  const workers = Array.from({ length: Math.max(1, Math.min(threads, 64)) }, () => new Worker(script));
  try {
    const speeds = await Promise.all(workers.map((worker) => answerOf(worker, signal)));
    return speeds.reduce((sum, speed) => sum + speed, 0);
  } finally {
    for (const worker of workers) await worker.terminate();
  }
}

function answerOf(worker: Worker, signal: AbortSignal | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('message', resolve);
    worker.once('error', (cause) => {
      reject(new RuntimeFailureError(`A thread that reads memory failed: ${String(cause)}`, { cause }));
    });
    worker.once('exit', () => {
      signal?.removeEventListener('abort', stop);
      reject(new RuntimeFailureError('A thread that reads memory ended without an answer.'));
    });
  });
}
