import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fromErrorRecord, RuntimeFailureError, type OnProgress } from '@ovis/core';
import { convertCheckpoint } from '@ovis/converter';
import type { ConvertReport, ConvertTask } from './convert-messages.ts';

/** How a checkpoint is converted on the way to loading it. */
export type ConvertOptions = Pick<ConvertTask, 'dtype' | 'device'> & {
  readonly intermediates?: boolean;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Converts a checkpoint without holding the caller's event loop. */
export async function convertInWorker(checkpoint: string, bundle: string, options: ConvertOptions): Promise<void> {
  const { dtype, device, intermediates = false, onProgress, signal } = options;
  signal?.throwIfAborted();
  const script = new URL('./convert-worker.js', import.meta.url);
  if (!existsSync(script)) {
    // Bundled into one file, or run from sources: the work is done here.
    await convertCheckpoint(checkpoint, bundle, {
      dtype,
      device,
      intermediates,
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(signal === undefined ? {} : { signal }),
    });
    return;
  }
  const workerData: ConvertTask = { checkpoint, bundle, dtype, device, intermediates };
  const worker = new Worker(script, { workerData, stderr: false });
  const stop = (): void => worker.postMessage('stop');
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const end = await lastWords(worker, onProgress);
    // The thread ends by itself; waiting for that means that its files are closed.
    await once(worker, 'exit').catch(() => undefined);
    if (end.type === 'failed') {
      signal?.throwIfAborted();
      throw fromErrorRecord(end.error);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function lastWords(worker: Worker, onProgress: OnProgress | undefined): Promise<ConvertReport> {
  return new Promise((resolve, reject) => {
    worker.on('message', (report: ConvertReport) => {
      if (report.type === 'progress') onProgress?.(report.progress);
      else resolve(report);
    });
    worker.on('error', (cause) => {
      reject(new RuntimeFailureError(`The converting thread failed: ${String(cause)}`, { cause }));
    });
    worker.on('exit', (code) => {
      reject(new RuntimeFailureError(`The converting thread ended with code ${code} before it was done.`));
    });
  });
}
