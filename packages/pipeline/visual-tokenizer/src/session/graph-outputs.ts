import {
  elementCount,
  float32Tensor,
  GraphContractError,
  ShapeMismatchError,
  type GraphContract,
  type nativeVisualTokenizerContract,
  type Tensor,
  type TensorsFor,
  type visualTokenizerIntermediates,
} from '@ovis/core';

/** Names of all outputs that a visual tokenizer graph may have. */
export type OutputName = keyof typeof nativeVisualTokenizerContract.outputs | keyof typeof visualTokenizerIntermediates;

/** What a run gives back. */
export type GraphOutputs = TensorsFor<GraphContract['outputs']>;

/**
 * A float32 output.
 *
 * @param dims - Expected shape; null takes any size.
 * @throws GraphContractError when it is missing or of another type; ShapeMismatchError when its shape differs.
 */
export function floatOutput(
  outputs: GraphOutputs,
  name: OutputName,
  dims: readonly (number | null)[],
): Tensor<'float32'> {
  const tensor = outputs[name];
  if (!(tensor?.data instanceof Float32Array)) throw wrongType(name, 'float32', tensor?.dtype);
  checkDims(name, tensor.dims, tensor.data.length, dims);
  return float32Tensor(tensor.data, tensor.dims);
}

/** An int64 output as int32; errors as in {@link floatOutput}. */
export function integerOutput(
  outputs: GraphOutputs,
  name: OutputName,
  dims: readonly (number | null)[],
): Tensor<'int32'> {
  const tensor = outputs[name];
  if (!(tensor?.data instanceof BigInt64Array)) throw wrongType(name, 'int64', tensor?.dtype);
  checkDims(name, tensor.dims, tensor.data.length, dims);
  return { dtype: 'int32', dims: tensor.dims, data: Int32Array.from(tensor.data, Number) };
}

function wrongType(name: OutputName, expected: string, got: string | undefined): GraphContractError {
  return new GraphContractError(
    `Output ${name} of the visual tokenizer must be ${expected}; got ${got ?? 'nothing'}. Convert the checkpoint again.`,
  );
}

function checkDims(
  name: OutputName,
  dims: readonly number[],
  length: number,
  expected: readonly (number | null)[],
): void {
  const fits = dims.length === expected.length && expected.every((size, axis) => size === null || size === dims[axis]);
  if (fits && elementCount(dims) === length) return;
  throw new ShapeMismatchError(
    `Output ${name} of the visual tokenizer must be [${expected.map((size) => size ?? 'any').join(', ')}]; got [${dims.join(', ')}] with ${length} numbers. Convert the checkpoint again.`,
    { details: { output: name, dims, expected } },
  );
}
