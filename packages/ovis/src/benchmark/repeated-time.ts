import type { RepeatedTime } from './benchmark-types.ts';

/** Median and extremes of at least one time. */
export function repeatedTime(all: readonly number[]): RepeatedTime {
  return { median: median(all), fastest: Math.min(...all), slowest: Math.max(...all), all };
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
