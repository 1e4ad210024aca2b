import { Worker } from 'node:worker_threads';
import type { RunGate } from '../run-gate.ts';

/** Starts the worker of the built package, which lies beside this code as `worker.js`. */
export function startWorker(gate: RunGate): Promise<Worker> {
  return Promise.resolve(
    new Worker(new URL('./worker.js', import.meta.url), { name: 'ovis', workerData: gate.memory }),
  );
}
