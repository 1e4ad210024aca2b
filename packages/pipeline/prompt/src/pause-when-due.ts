/** Milliseconds of work after which other work gets its turn. */
const SLICE = 4;

/** A function to await inside a long loop: it lets the event loop run whenever a slice of work is over. */
export function pauseWhenDue(): () => Promise<void> | undefined {
  let started = performance.now();
  return () => {
    if (performance.now() - started < SLICE) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        started = performance.now();
        resolve();
      }, 0);
    });
  };
}
