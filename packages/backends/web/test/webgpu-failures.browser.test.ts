import {
  asyncDispose,
  BackendUnavailableError,
  float32Tensor,
  RuntimeFailureError,
  type GraphSignature,
  type GraphSource,
} from '@ovis/core';
import { openWebBackend } from '@ovis/backend-web';
import { affineGraph, encodeOnnx } from '@ovis/testing/browser';
import { afterEach, describe, expect, test, vi } from 'vitest';

const affine: GraphSource = { kind: 'bytes', model: affineGraph.source, externalData: [] };
const x = float32Tensor(Float32Array.of(1, 2), [1, 2]);

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Has the browser offer its adapter with other properties. */
async function offer(changes: Partial<Record<keyof GPUAdapter, unknown>>): Promise<void> {
  const real = await navigator.gpu.requestAdapter();
  if (real === null) throw new Error('The test browser has WebGPU.');
  const adapter = new Proxy(real, {
    get: (target, key) => {
      if (Object.hasOwn(changes, key)) return Reflect.get(changes, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function'
        ? (...args: readonly unknown[]): unknown => Reflect.apply(value, target, args)
        : value;
    },
  });
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(adapter);
}

describe('WebGPU that is not there', () => {
  test('is named with a way out, and auto takes WebAssembly instead', async () => {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
    const opening = openWebBackend({ device: 'webgpu' });
    await expect(opening).rejects.toThrow(BackendUnavailableError);
    await expect(opening).rejects.toThrow(/offers no graphics adapter.*device 'wasm'/su);
  });

  test('is told from a page where it is missing altogether', async () => {
    vi.spyOn(Object.getPrototypeOf(navigator) as Navigator, 'gpu', 'get').mockReturnValue(undefined as unknown as GPU);
    await expect(openWebBackend({ device: 'webgpu' })).rejects.toThrow(/this browser has no WebGPU/u);
  });

  test('is told from a device that the browser refuses', async () => {
    await offer({ requestDevice: () => Promise.reject(new DOMException('no', 'OperationError')) });
    await expect(openWebBackend({ device: 'webgpu' })).rejects.toThrow(/google swiftshader gives no device.*no/su);
  });
});

describe('a graph that the adapter cannot hold', () => {
  const size = 2 ** 21;
  const signature = {
    inputs: { x: { dtype: 'float32', shape: [1] } },
    outputs: { y: { dtype: 'float32', shape: [size] } },
    state: [],
  } as const satisfies GraphSignature;
  const large: GraphSource = {
    kind: 'bytes',
    model: encodeOnnx({
      nodes: [{ operator: 'Mul', inputs: ['x', 'large.weight'], outputs: ['y'] }],
      constants: [
        { name: 'large.weight', dtype: 'float32', dims: [size], external: { location: 'w', length: size * 4 } },
      ],
      inputs: [{ name: 'x', ...signature.inputs.x }],
      outputs: [{ name: 'y', ...signature.outputs.y }],
    }),
    externalData: [{ location: 'w', data: new Blob([new Float32Array(size).fill(3)]) }],
  };

  test('is refused with the weight, the limit and the storage that would fit', async () => {
    const real = await navigator.gpu.requestAdapter();
    const limits = new Proxy(real?.limits ?? {}, {
      get: (target, key) =>
        key.toString().startsWith('max') && /BufferSize|BindingSize/u.test(key.toString())
          ? 2 ** 22
          : (Reflect.get(target, key, target) as unknown),
    });
    await offer({ limits, requestDevice: () => real?.requestDevice().then((device) => limited(device, 2 ** 22)) });
    await using backend = await openWebBackend({ device: 'webgpu' });
    const opening = backend.openSession(large, signature, signature);
    await expect(opening).rejects.toThrow(BackendUnavailableError);
    await expect(opening).rejects.toThrow(/large\.weight takes 8 MiB.*at most 4 MiB.*Stored as f16 it would fit/su);
  });

  test('runs where it fits, with its weights in a Blob', async () => {
    await using backend = await openWebBackend({ device: 'webgpu' });
    await using session = await backend.openSession(large, signature, signature);
    const { y } = await session.run({ x: float32Tensor(Float32Array.of(2), [1]) });
    expect([y.data[0], y.data[size - 1]]).toEqual([6, 6]);
  });
});

describe('a device that is lost', () => {
  test('fails what runs and what follows, and another backend works', async () => {
    const request = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
    const backend = await openWebBackend({ device: 'webgpu' });
    const session = await backend.openSession(affine, affineGraph.signature, affineGraph.signature);
    expect([...(await session.run({ x })).doubled.data]).toEqual([2, 4]);
    const device = (await request.mock.results[0]?.value) as GPUDevice;
    device.destroy();
    await device.lost;
    await expect(session.run({ x })).rejects.toThrow(RuntimeFailureError);
    await expect(session.run({ x })).rejects.toThrow(/graphics device was lost.*load it again/su);
    await expect(backend.openSession(affine, affineGraph.signature, affineGraph.signature)).rejects.toThrow(/lost/u);
    await backend[asyncDispose]();

    await using another = await openWebBackend({ device: 'webgpu' });
    await using again = await another.openSession(affine, affineGraph.signature, affineGraph.signature);
    expect([...(await again.run({ x })).doubled.data]).toEqual([2, 4]);
  });

  test('is no loss when the backend was disposed', async () => {
    const backend = await openWebBackend({ device: 'webgpu' });
    await backend[asyncDispose]();
    await backend[asyncDispose]();
    await expect(backend.openSession(affine, affineGraph.signature, affineGraph.signature)).rejects.toThrow(
      /disposed/u,
    );
  });
});

/** A device whose buffers are small. */
function limited(device: GPUDevice, maxBufferSize: number): GPUDevice {
  Object.defineProperty(device, 'limits', { value: { maxBufferSize } });
  return device;
}
