/** Starts the worker of the built package. Bundlers look for exactly this expression. */
export function startWorker(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'ovis' });
}
