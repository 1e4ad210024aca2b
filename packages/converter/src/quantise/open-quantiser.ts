import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '#start-worker';
import { QuantiseLane } from './quantise-lane.ts';
import { QuantisePool } from './quantise-pool.ts';
import { QuantiserHere } from './quantise-here.ts';
import type { Quantiser } from './quantiser.ts';

/** Reading and writing keep up with no more. */
export const MAX_THREADS = 16;

/** Numbers below which threads are not worth starting; one takes half a second for as many. */
const FEW_NUMBERS = 32 * 1024 * 1024;

/** What a quantiser is opened for. */
export type QuantiserNeeds = {
  /** Threads that were asked for, or null for as many as suit the machine and the work. */
  readonly threads: number | null;
  /** Numbers that will be put into blocks. */
  readonly numbers: number;
  /** Starts one thread. Default: the package's own worker. */
  readonly start?: () => Promise<Worker>;
};

/**
 * Opens as many threads as are wanted. Where they cannot be started (a bundler left out the worker's file, a policy
 * forbids threads), all work is done in the caller's thread.
 */
export async function openQuantiser({ threads, numbers, start = startWorker }: QuantiserNeeds): Promise<Quantiser> {
  const few = numbers < FEW_NUMBERS;
  const wanted = numbers === 0 ? 1 : (threads ?? (few ? 1 : Math.min(MAX_THREADS, availableParallelism())));
  if (wanted === 1) return new QuantiserHere();
  const starts = await Promise.allSettled(
    Array.from({ length: wanted }, async () => QuantiseLane.start(await start())),
  );
  const [first, ...others] = starts.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  return first === undefined ? new QuantiserHere() : new QuantisePool([first, ...others]);
}
