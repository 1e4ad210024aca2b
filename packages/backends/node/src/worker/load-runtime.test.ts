import { BackendUnavailableError } from '@ovis/core';
import { expect, test } from 'vitest';
import { loadRuntime } from './load-runtime.ts';

test('names the command when onnxruntime-node is not installed', async () => {
  const error = Object.assign(new Error("Cannot find package 'onnxruntime-node'"), { code: 'ERR_MODULE_NOT_FOUND' });
  const loading = loadRuntime(() => Promise.reject(error));
  await expect(loading).rejects.toThrow(BackendUnavailableError);
  await expect(loading).rejects.toThrow('npm install onnxruntime-node --ignore-scripts');
});

test('tells when it is installed but its library does not load', async () => {
  const loading = loadRuntime(() => Promise.reject(new Error('libonnxruntime.so.1: cannot open shared object file')));
  await expect(loading).rejects.toThrow(BackendUnavailableError);
  await expect(loading).rejects.toThrow(/did not load on .*libonnxruntime\.so\.1/u);
});
