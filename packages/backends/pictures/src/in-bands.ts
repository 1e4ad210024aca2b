import { nextTurn } from '@ovis/core';

/** Pixels that are worked on at once: one or two milliseconds. */
const BAND = 2 ** 17;

/**
 * Calls `work` for one band of pixels after the other and gives the event loop its turn in between.
 *
 * @param work - Does the pixels from `start` up to `end`, exclusive.
 * @throws The signal's reason when it is aborted.
 */
export async function inBands(
  pixels: number,
  work: (start: number, end: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let start = 0; start < pixels; start += BAND) {
    if (start > 0) await nextTurn();
    signal?.throwIfAborted();
    work(start, Math.min(start + BAND, pixels));
  }
}
