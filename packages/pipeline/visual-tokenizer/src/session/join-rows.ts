import { float32Tensor, type Tensor } from '@ovis/core';

/** Joins tensors along their first axis. The others are equal. A single tensor is taken as it is. */
export function joinFloatRows(parts: readonly Tensor<'float32'>[]): Tensor<'float32'> {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const data = new Float32Array(parts.reduce((length, part) => length + part.data.length, 0));
  copyInto(data, parts);
  return float32Tensor(data, joinedDims(parts));
}

/** {@link joinFloatRows} for integers. */
export function joinIntegerRows(parts: readonly Tensor<'int32'>[]): Tensor<'int32'> {
  const data = new Int32Array(parts.reduce((length, part) => length + part.data.length, 0));
  copyInto(data, parts);
  return { dtype: 'int32', dims: joinedDims(parts), data };
}

function copyInto(
  target: { set(values: ArrayLike<number>, offset: number): void },
  parts: readonly Tensor<'float32' | 'int32'>[],
): void {
  let offset = 0;
  for (const { data } of parts) {
    target.set(data, offset);
    offset += data.length;
  }
}

function joinedDims(parts: readonly Tensor[]): number[] {
  const rows = parts.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  return [rows, ...(parts[0]?.dims.slice(1) ?? [])];
}
