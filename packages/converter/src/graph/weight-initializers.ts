import type { DataType } from '@ovis/core';
import { expressionShape, type GraphWeight } from '../weights/weight-expression.ts';
import { mismatch } from './shape-rules.ts';
import { describeShape } from './value.ts';

/** A tensor of the `.onnx` file whose bytes lie in a file beside it. */
export type WeightInitializer = {
  readonly name: string;
  readonly dtype: DataType;
  readonly dims: readonly number[];
};

/**
 * The initializers that hold a weight: one for floats; codes and scales for columns and, unless symmetric, zero points
 * too for blocks. The one place that knows their names and dimensions.
 */
export function weightInitializers({ name, expression, storage }: GraphWeight): readonly WeightInitializer[] {
  const shape = expressionShape(expression);
  const [rows = 0, columns = 0] = shape;
  const quantised = storage.kind === 'blocks' || storage.kind === 'columns';
  if ((quantised || storage.transposed) && shape.length !== 2) mismatch(name, 'a matrix', describeShape(shape));
  if (!quantised) {
    const dtype = storage.kind === 'f32' ? 'float32' : 'float16';
    return [{ name, dtype, dims: storage.transposed ? [columns, rows] : shape }];
  }
  const [outputs, inputs] = storage.transposed ? [columns, rows] : [rows, columns];
  if (storage.kind === 'columns') {
    return [
      { name: `${name}.codes`, dtype: 'int8', dims: [inputs, outputs] },
      { name: `${name}.scales`, dtype: 'float32', dims: [outputs] },
    ];
  }
  const { bits, blockSize, symmetric } = storage;
  const blocks = Math.ceil(inputs / blockSize);
  const codes = { name: `${name}.codes`, dtype: 'uint8', dims: [outputs, blocks, (blockSize * bits) / 8] } as const;
  const scales = { name: `${name}.scales`, dtype: 'float32', dims: [outputs, blocks] } as const;
  if (symmetric) return [codes, scales];
  const zeroPoints = {
    name: `${name}.zero_points`,
    dtype: 'uint8',
    dims: [outputs, Math.ceil((blocks * bits) / 8)],
  } as const;
  return [codes, scales, zeroPoints];
}
