import { BackendUnavailableError } from '@ovis/core';
import { expect, test } from 'vitest';
import type { Findings, StartOptions } from '../protocol.ts';
import { WorkerService } from './worker-service.ts';

test('a device is tried once: a worker that is told what was found does not try it again', async () => {
  // No machine has CUDA where the install script of onnxruntime-node did not run.
  const options: StartOptions = { device: 'cuda', threads: 1, spinning: 'on', stateUpdates: 'auto' };
  const known: Findings = { version: '1.30.0', states: 'copied', attentionOnCpu: false, integerProducts: 'narrow' };
  await expect(new WorkerService().calls.start({ ...options, known: null })).rejects.toThrow(BackendUnavailableError);
  expect(await new WorkerService().calls.start({ ...options, known })).toEqual(known);
});
