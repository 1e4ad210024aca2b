import { DisposedError } from '@ovis/core';
import type { LoadOptions, ModelSource } from '../load-options.ts';
import type { WorkerCalls } from '../protocol.ts';
import { workerNotStarted } from './ended-worker.ts';
import { absoluteUrl, postSource } from './post-source.ts';
import { WorkerLink } from './worker-link.ts';

/** Milliseconds that an aborted load gets to put its files in order; then the worker is ended. */
const GRACE = 2000;

/** A model that a worker has loaded. */
export type LoadedInWorker = { readonly link: WorkerLink; readonly loaded: WorkerCalls['load']['reply'] };

/** Starts a worker and loads a model in it. Whatever fails, and an abort, ends the worker. */
export async function loadInWorker(
  startWorker: () => Worker,
  model: ModelSource,
  { signal, onProgress, runtimeFiles, ...options }: LoadOptions,
): Promise<LoadedInWorker> {
  signal?.throwIfAborted();
  const source = postSource(model);
  const files = runtimeFiles === undefined ? {} : { runtimeFiles: absoluteUrl(runtimeFiles, 'runtimeFiles') };
  const link = new WorkerLink(started(startWorker));
  let patience: ReturnType<typeof setTimeout> | undefined;
  const impatient = () => {
    patience = setTimeout(() => {
      link.end(new DisposedError('Loading was aborted.'));
    }, GRACE);
  };
  signal?.addEventListener('abort', impatient, { once: true });
  try {
    const request = { source, options: { ...options, ...files } };
    return { link, loaded: await link.call('load', request, { signal, onProgress }).reply };
  } catch (error) {
    link.end(new DisposedError('Loading failed.'));
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', impatient);
    // A model that was loaded before the abort reached the worker lives on.
    clearTimeout(patience);
  }
}

function started(startWorker: () => Worker): Worker {
  try {
    return startWorker();
  } catch (error) {
    throw workerNotStarted(String(error));
  }
}
