/** Work on several items, each in two steps that keep different parts of the machine busy. */
export type TwoSteps<Item, Prepared, Checked, Result> = {
  /** The first step. Items are prepared one after the other. */
  readonly prepare: (item: Item, index: number, signal: AbortSignal) => Promise<Prepared>;
  /** Hears of all prepared items before the last one runs; what it throws ends the work. */
  readonly check: (prepared: readonly Prepared[]) => Checked;
  /** The second step. Items run one after the other, in order. */
  readonly run: (prepared: Prepared, index: number, signal: AbortSignal) => Promise<Result>;
};

/** Prepared items that may wait for their run, besides the one that is being prepared: each takes megabytes. */
const MAX_WAITING = 1;

/**
 * Prepares each item while the ones before it run. When anything fails, the rest is told by its signal, and the promise
 * is rejected after all has ended.
 */
export async function prepareAhead<Item, Prepared, Checked, Result>(
  items: readonly Item[],
  { prepare, check, run }: TwoSteps<Item, Prepared, Checked, Result>,
  signal?: AbortSignal,
): Promise<{ readonly checked: Checked; readonly results: readonly Result[] }> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const all: Prepared[] = [];
  const runs: Promise<Result>[] = [];
  const start = (prepared: Prepared, index: number): void => {
    const before = runs[index - 1] ?? Promise.resolve();
    const running = before.then(() => run(prepared, index, either));
    running.catch((error: unknown) => stop.abort(error));
    runs.push(running);
  };
  try {
    for (const [index, item] of items.entries()) {
      await runs[index - 1 - MAX_WAITING];
      either.throwIfAborted();
      const prepared = await prepare(item, index, either);
      all.push(prepared);
      if (index < items.length - 1) start(prepared, index);
    }
    const checked = check(all);
    for (const prepared of all.slice(-1)) start(prepared, items.length - 1);
    return { checked, results: await Promise.all(runs) };
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(runs);
    signal?.throwIfAborted();
    stop.signal.throwIfAborted(); // what failed first, and made the rest end
    throw error;
  }
}
