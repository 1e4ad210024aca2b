import {
  InvalidArgumentError,
  int64Tensor,
  RuntimeFailureError,
  type GraphSignature,
  type GraphSource,
} from '@ovis/core';
import { openWebBackend } from '@ovis/backend-web';
import { attentionGraph, encodeOnnx } from '@ovis/testing/browser';
import { expect, test, vi } from 'vitest';

const signature = {
  inputs: { shape: { dtype: 'int64', shape: [1] } },
  outputs: { y: { dtype: 'float32', shape: ['S'] } },
  state: [],
} as const satisfies GraphSignature;

/** As many ones as are asked for. */
const ones: GraphSource = {
  kind: 'bytes',
  model: encodeOnnx({
    nodes: [{ operator: 'Expand', inputs: ['one', 'shape'], outputs: ['y'] }],
    constants: [{ name: 'one', dtype: 'float32', dims: [1], values: [1] }],
    inputs: [{ name: 'shape', dtype: 'int64', shape: [1] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['S'] }],
  }),
  externalData: [],
};

test('options out of range are refused', async () => {
  await expect(openWebBackend({ device: 'tpu' as 'wasm' })).rejects.toThrow(InvalidArgumentError);
  await expect(openWebBackend({ threads: 0 })).rejects.toThrow(InvalidArgumentError);
  await expect(openWebBackend({ runtimeFiles: 'http://[' })).rejects.toThrow(InvalidArgumentError);
  await expect(openWebBackend({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
});

test('memory that WebAssembly cannot have is an error that says so, and smaller work still runs', async () => {
  await using backend = await openWebBackend({ device: 'wasm', threads: 1 });
  await using session = await backend.openSession(ones, signature, signature);
  expect((await session.run({ shape: int64Tensor([3]) })).y.data).toEqual(Float32Array.of(1, 1, 1));

  const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
    throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
  });
  const running = session.run({ shape: int64Tensor([2 ** 27]) });
  await expect(running).rejects.toThrow(RuntimeFailureError);
  await expect(running).rejects.toThrow(/Not enough memory.*smaller/su);
  expect(grow).toHaveBeenCalled();
  grow.mockRestore();

  expect((await session.run({ shape: int64Tensor([2]) })).y.data).toEqual(Float32Array.of(1, 1));
});

test('keys and values that cannot fit are refused before they are made', async () => {
  await using backend = await openWebBackend({ device: 'wasm', threads: 1 });
  const source: GraphSource = { kind: 'bytes', model: attentionGraph.source, externalData: [] };
  await using session = await backend.openSession(source, attentionGraph.signature, attentionGraph.signature);
  await expect(session.createState(2 ** 26)).rejects.toThrow(/4\.0 GiB, more than WebAssembly/u);
});
