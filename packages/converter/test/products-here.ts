import { integerProbeModel, probeIntegerProducts, type IntegerProducts } from '@ovis/core';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * Which whole-number products this processor computes exactly. Tests run graphs in the form for it, as a backend
 * would: on x64 without VNNI the other form is wrong by a fifth.
 */
export const productsHere: IntegerProducts = await findProducts();

/** The forms of a graph that are right here. */
export const formsHere: readonly IntegerProducts[] = productsHere === 'wide' ? ['wide', 'narrow'] : ['narrow'];

async function findProducts(): Promise<IntegerProducts> {
  const session = await InferenceSession.create(integerProbeModel, { logSeverityLevel: 3 });
  return probeIntegerProducts(async (a, dims) => {
    const { y } = await session.run({ a: new Tensor('uint8', a, dims) });
    return y?.data instanceof Int32Array ? y.data : [];
  });
}
