import { expect, test } from 'vitest';
import { resizeSteps } from '../resize/resize-image.ts';
import { runCooperatively } from './run-cooperatively.ts';
import { runSteps, type Steps } from './steps.ts';

const large = { height: 3000, width: 4000, data: new Uint8Array(3000 * 4000 * 3).fill(77) };
const region = { top: 0, left: 0, height: 3000, width: 4000 };

test('lets timers fire while a large picture is resized', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const resized = await runCooperatively(resizeSteps(large, region, { height: 336, width: 448 }, 'bicubic'));
  clearInterval(timer);
  expect(resized.data.every((value) => value === 77)).toBe(true);
  expect(ticks).toBeGreaterThan(2);
});

test('gives what running all at once gives', async () => {
  expect(await runCooperatively(countTo(1000))).toBe(runSteps(countTo(1000)));
});

test('ends with the reason of a signal that is aborted while it works', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 5);
  const running = runCooperatively(
    resizeSteps(large, region, { height: 1344, width: 1792 }, 'lanczos'),
    controller.signal,
  );
  await expect(running).rejects.toBe(reason);
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
