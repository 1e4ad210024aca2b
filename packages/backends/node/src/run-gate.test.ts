import { expect, test } from 'vitest';
import { Worker } from 'node:worker_threads';
import { RunGate } from './run-gate.ts';

test('lets calls in until it is shut', () => {
  const gate = new RunGate();
  expect(gate.enter()).toBe(true);
  gate.leave();
  gate.shut(1000);
  expect(gate.enter()).toBe(false);
});

test('waits for the call that is inside, but not for ever', async () => {
  const gate = new RunGate();
  gate.enter();
  const start = performance.now();
  gate.shut(20);
  expect(performance.now() - start).toBeGreaterThanOrEqual(19);
  const leave = 'Atomics.store(f, 0, 0); Atomics.notify(f, 0);';
  const worker = new Worker(`const f = new Int32Array(require('node:worker_threads').workerData); ${leave}`, {
    eval: true,
    workerData: gate.memory,
  });
  gate.shut(10_000);
  expect(performance.now() - start).toBeLessThan(9000);
  await worker.terminate();
});

test('tells a call whether the parent waits for another, or to exit', () => {
  const gate = new RunGate();
  const worker = new RunGate(gate.memory);
  gate.announce();
  worker.enter();
  expect(worker.someoneWaits).toBe(false);
  gate.announce();
  expect(worker.someoneWaits).toBe(true);
  worker.leave();
  worker.enter();
  expect(worker.someoneWaits).toBe(false);
  gate.shut(1);
  expect(worker.someoneWaits).toBe(true);
});
