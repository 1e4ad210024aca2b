import { nextTurn } from './next-turn.ts';
import type { Steps } from './steps.ts';

/** Longest stretch between two returns to the event loop, in milliseconds (plus the step at hand). */
const SLICE = 2;

/**
 * Does the steps in slices of about 2 ms and gives the event loop back in between. An aborted `signal` ends the
 * work after its slice: the promise is rejected with the signal's reason.
 */
export async function runCooperatively<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  for (let sliceEnd = performance.now() + SLICE; ; ) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    signal?.throwIfAborted();
    sliceEnd = performance.now() + SLICE;
  }
}
