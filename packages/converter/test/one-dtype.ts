import type { ModelPart, WeightDtype } from '@ovis/core';

/** The same dtype for every part. */
export function all(dtype: WeightDtype): Readonly<Record<ModelPart, WeightDtype>> {
  return { decoder: dtype, lmHead: dtype, vit: dtype, visualHead: dtype, visualTable: dtype, textTable: dtype };
}
