/** Settles in a later turn of the event loop, after timers and input that are due. */
export function nextTurn(): Promise<void> {
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
