/**
 * Starts the worker where a development server runs the sources (tests). `#start-web-worker` in package.json chooses
 * this file under the condition `ovis-source`; the built package does not contain it.
 */
export function startWorker(): Worker {
  return new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module', name: 'ovis' });
}
