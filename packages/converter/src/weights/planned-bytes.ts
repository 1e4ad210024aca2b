import { bytesPerElement, elementCount } from '@ovis/core';
import { weightInitializers } from '../graph/weight-initializers.ts';
import type { GraphWeight } from './weight-expression.ts';

/** Bytes that a weight will take in a bundle, without the gaps between tensors. */
export function plannedBytes(weight: GraphWeight): number {
  return weightInitializers(weight).reduce(
    (sum, { dtype, dims }) => sum + elementCount(dims) * bytesPerElement[dtype],
    0,
  );
}
