import { Worker } from 'node:worker_threads';

/** Starts the worker of the built package, which lies beside this code as `worker.js`. */
export function startWorker(): Promise<Worker> {
  return Promise.resolve(new Worker(new URL('./worker.js', import.meta.url), { name: 'ovis' }));
}
