import { expect, test } from 'vitest';
import { runCooperatively } from './run-cooperatively.ts';
import { runSteps, type Steps } from './steps.ts';

test('lets timers fire during long work', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await runCooperatively(workFor(60));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

test('gives what running all at once gives', async () => {
  expect(await runCooperatively(countTo(1000))).toBe(runSteps(countTo(1000)));
});

test('ends with the reason of a signal that is aborted while it works', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 5);
  const steps = workFor(10_000);
  await expect(runCooperatively(steps, controller.signal)).rejects.toBe(reason);
});

test('does nothing when the signal is aborted before', async () => {
  let started = false;
  function* steps(): Steps<void> {
    started = true;
    yield;
  }
  const reason = new Error('too late');
  await expect(runCooperatively(steps(), AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(started).toBe(false);
});

test('passes on what a step throws', async () => {
  const failure = new Error('broken');
  // oxlint-disable-next-line require-yield
  function* steps(): Steps<void> {
    throw failure;
  }
  await expect(runCooperatively(steps())).rejects.toBe(failure);
});

function* countTo(end: number): Steps<number> {
  let sum = 0;
  for (let i = 1; i <= end; i++) {
    sum += i;
    yield;
  }
  return sum;
}

/** Steps of about half a millisecond. */
function* workFor(milliseconds: number): Steps<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const pause = performance.now() + 0.5;
    while (performance.now() < pause);
    yield;
  }
}
