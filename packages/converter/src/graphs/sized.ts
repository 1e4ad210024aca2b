import type { Dim, TensorSpec } from '@ovis/core';

/** A tensor of a contract with the sizes of one model in place of the letters they belong to. */
export function sized(spec: TensorSpec, sizes: Readonly<Record<string, Dim>>): TensorSpec {
  const known = new Map(Object.entries(sizes));
  return { dtype: spec.dtype, shape: spec.shape.map((dim) => known.get(String(dim)) ?? dim) };
}
