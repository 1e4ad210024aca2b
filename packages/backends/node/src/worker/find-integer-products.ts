import { integerProbeModel, probeIntegerProducts, type IntegerProducts } from '@ovis/core';
import type { InferenceSession } from 'onnxruntime-node';
import type { Runtime } from './load-runtime.ts';

/** Which whole-number products this processor computes exactly. Those of other devices run on it too. */
export async function findIntegerProducts(
  runtime: Runtime,
  options: InferenceSession.SessionOptions,
): Promise<IntegerProducts> {
  const session = await runtime.InferenceSession.create(integerProbeModel, { ...options, executionProviders: ['cpu'] });
  try {
    return await probeIntegerProducts(async (a, dims) => {
      const { y } = await session.run({ a: new runtime.Tensor('uint8', a, dims) });
      return y?.data instanceof Int32Array ? y.data : [];
    });
  } finally {
    await session.release();
  }
}
