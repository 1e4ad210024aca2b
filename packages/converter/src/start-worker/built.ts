import { Worker } from 'node:worker_threads';

/** Starts the worker of the built package, which lies beside this code as `quantise-worker.js`. */
export function startWorker(): Promise<Worker> {
  return Promise.resolve(new Worker(new URL('./quantise-worker.js', import.meta.url), { name: 'ovis-quantise' }));
}
