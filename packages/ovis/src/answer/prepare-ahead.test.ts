import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prepareAhead } from './prepare-ahead.ts';

/** Steps that note when they begin and end; each takes some milliseconds. */
function noted(failAt?: string) {
  const log: string[] = [];
  const step = async (name: string, signal: AbortSignal): Promise<void> => {
    log.push(`${name} begins`);
    if (failAt === name) throw new Error(name);
    try {
      await sleep(10, undefined, { signal });
    } finally {
      log.push(`${name} ends`);
    }
  };
  return {
    log,
    steps: {
      prepare: async (item: string, index: number, signal: AbortSignal) => {
        await step(`prepare ${index}`, signal);
        return item.length;
      },
      check: (prepared: readonly number[]) => {
        log.push(`check ${prepared.join(' ')}`);
        if (failAt === 'check') throw new Error('check');
        return prepared.length;
      },
      run: async (prepared: number, index: number, signal: AbortSignal) => {
        await step(`run ${index}`, signal);
        return prepared + 1;
      },
    },
  };
}

const four = ['a', 'bc', 'def', 'ghij'];

test('gives the results in order, and what the check gave', async () => {
  const { steps } = noted();
  expect(await prepareAhead(four, steps)).toEqual({ checked: 4, results: [2, 3, 4, 5] });
  expect(await prepareAhead([], steps)).toEqual({ checked: 0, results: [] });
});

test('prepares an item while the one before it runs, and no more than one ahead of that', async () => {
  const { log, steps } = noted();
  await prepareAhead(four, steps);
  const at = (entry: string): number => log.indexOf(entry);
  for (const index of [1, 2]) {
    expect(at(`prepare ${index} begins`)).toBeLessThan(at(`run ${index - 1} ends`));
    expect(at(`run ${index} begins`)).toBeGreaterThan(at(`run ${index - 1} ends`));
  }
  for (const index of [2, 3]) expect(at(`prepare ${index} begins`)).toBeGreaterThan(at(`run ${index - 2} ends`));
});

test('checks all before the last one runs: a single item that is refused never runs', async () => {
  const { log, steps } = noted('check');
  await expect(prepareAhead(['a'], steps)).rejects.toThrow('check');
  expect(log).toEqual(['prepare 0 begins', 'prepare 0 ends', 'check 1']);
});

test.each(['prepare 0', 'prepare 2', 'run 0', 'run 1', 'run 3', 'check'])(
  'when %s fails nothing goes on behind it',
  async (name) => {
    const { log, steps } = noted(name);
    await expect(prepareAhead(four, steps)).rejects.toThrow(name);
    const ended = [...log];
    await sleep(60);
    expect(log).toEqual(ended);
    const begun = log.filter((entry) => entry.endsWith('begins')).length;
    const done = log.filter((entry) => entry.endsWith('ends')).length;
    expect(begun - done).toBe(name === 'check' ? 0 : 1); // the one that failed
  },
);

test('an aborted signal ends both steps and is the reason', async () => {
  const { log, steps } = noted();
  const stop = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => stop.abort(reason), 15);
  const signalled = {
    ...steps,
    // Like every part of the pipeline, with the reason itself.
    run: async (prepared: number, index: number, signal: AbortSignal) =>
      steps.run(prepared, index, signal).catch(() => Promise.reject(signal.reason)),
    prepare: async (item: string, index: number, signal: AbortSignal) =>
      steps.prepare(item, index, signal).catch(() => Promise.reject(signal.reason)),
  };
  await expect(prepareAhead(four, signalled, stop.signal)).rejects.toBe(reason);
  expect(log).not.toContain('prepare 3 begins');
});
