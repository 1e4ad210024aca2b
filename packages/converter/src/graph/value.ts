import type { DataType, Dim, TensorSpec } from '@ovis/core';

/** What flows between nodes while a graph is built: an element type and a shape, known before any run. */
export type Value = {
  /** Name in the `.onnx` file, unless it becomes an output under another one. */
  readonly name: string;
  readonly dtype: DataType;
  /** Numbers, and letters of the legend where a run decides. Equal letters are equal sizes. */
  readonly shape: readonly Dim[];
};

/** `float32 [1, S, 64]`, for messages. */
export function describe(spec: TensorSpec): string {
  return `${spec.dtype} ${describeShape(spec.shape)}`;
}

/** `[1, S, 64]`, for messages. */
export function describeShape(shape: readonly Dim[]): string {
  return `[${shape.join(', ')}]`;
}

/** Whether two shapes are the same, letter by letter and number by number. */
export function sameShape(left: readonly Dim[], right: readonly Dim[]): boolean {
  return left.length === right.length && left.every((dim, axis) => dim === right[axis]);
}
