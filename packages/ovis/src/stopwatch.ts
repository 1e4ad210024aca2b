/** Measures laps in milliseconds. */
export function stopwatch(): { lap(): number; total(): number } {
  const start = performance.now();
  let last = start;
  return {
    lap: () => {
      const before = last;
      last = performance.now();
      return last - before;
    },
    total: () => performance.now() - start,
  };
}

/** What a piece of work gave, and how many milliseconds it took. */
export async function timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await work;
  return { value, ms: performance.now() - start };
}
