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

/** Settles in a later turn of the event loop, after timers and input that are due. */
function nextTurn(): Promise<void> {
  // Node has it, browsers do not.
  const { setImmediate: soon } = globalThis as { readonly setImmediate?: (callback: () => void) => void };
  return new Promise((resolve) => {
    if (soon !== undefined) {
      soon(resolve);
      return;
    }
    // Each message is a task of its own, without the 4 ms that nested timers are held back.
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
