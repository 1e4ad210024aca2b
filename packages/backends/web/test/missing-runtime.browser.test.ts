import { BackendUnavailableError } from '@ovis/core';
import { openWebBackend } from '@ovis/backend-web';
import { expect, test } from 'vitest';

test('a folder without the files of ONNX Runtime is an error that names the file', async () => {
  const opening = openWebBackend({ device: 'wasm', threads: 1, runtimeFiles: '/packages/core/src/' });
  await expect(opening).rejects.toThrow(BackendUnavailableError);
  await expect(opening).rejects.toThrow(/ort-wasm-simd-threaded\.wasm.*runtimeFiles.*wasm-unsafe-eval/su);
});
