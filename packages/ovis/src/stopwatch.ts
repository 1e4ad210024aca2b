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
