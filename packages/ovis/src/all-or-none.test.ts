import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { allOrNone } from './all-or-none.ts';

test('gives the results in order, whatever is ready first', async () => {
  const begun: string[] = [];
  const results = await allOrNone([
    async () => {
      begun.push('slow');
      await sleep(20);
      return 1;
    },
    async () => {
      begun.push('fast');
      return 'two';
    },
  ]);
  expect(results).toEqual([1, 'two']);
  expect(begun).toEqual(['slow', 'fast']);
});

test('a failure ends the others, and is told after all have ended', async () => {
  const failure = new Error('broken');
  let ended = false;
  const running = allOrNone([
    async (signal) => {
      await sleep(10_000, undefined, { signal }).catch(() => undefined);
      await sleep(20); // closing takes its time
      ended = true;
      signal.throwIfAborted();
    },
    async () => {
      throw failure;
    },
  ]);
  await expect(running).rejects.toBe(failure);
  expect(ended).toBe(true);
});

test('of several failures the first part has its say', async () => {
  const [first, second] = [new Error('first'), new Error('second')];
  const running = allOrNone([
    async () => {
      await sleep(20);
      throw first;
    },
    async () => {
      throw second;
    },
  ]);
  await expect(running).rejects.toBe(first);
});

test('an aborted signal ends all and is the reason', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  setTimeout(() => stop.abort(reason), 5);
  const wait = (signal: AbortSignal) => sleep(10_000, undefined, { signal });
  await expect(allOrNone([wait, wait], stop.signal)).rejects.toBe(reason);
});
