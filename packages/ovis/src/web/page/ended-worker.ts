import { BackendUnavailableError, RuntimeFailureError, type OvisError } from '@ovis/core';

/** A worker that could not start: its file is missing, or a policy forbids it. */
export function workerNotStarted(message: string): OvisError {
  return new BackendUnavailableError(
    `The worker of ovis/web did not start${message === '' ? '' : `: ${message}`}. Its file (worker.js) must be served ` +
      'beside the code that starts it, from the same site; a content security policy must allow worker-src for it.',
    { details: { device: 'worker' } },
  );
}

/** A worker that ended by itself: the browser killed it, usually for its memory, or its code crashed. */
export function workerEnded(reason: string): OvisError {
  return new RuntimeFailureError(`The worker of ovis/web ended: ${reason}. Load the model again.`, {
    details: { workerEnded: true },
  });
}
