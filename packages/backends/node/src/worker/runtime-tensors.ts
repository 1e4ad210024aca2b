import { RuntimeFailureError, type DataType, type Tensor } from '@ovis/core';
import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import { tensorOver } from '../tensor-over.ts';
import type { Runtime } from './load-runtime.ts';

/** A tensor of the runtime over the same memory. */
export function toRuntime(runtime: Runtime, tensor: Tensor): RuntimeTensor {
  return new runtime.Tensor(tensor.dtype, tensor.data, tensor.dims);
}

/** A zeroed tensor of ours. */
export function allocate(dtype: DataType, dims: readonly number[], bytes: number): Tensor {
  return tensorOver(dtype, dims, new ArrayBuffer(bytes));
}

/** A tensor that a run returned, as ours. float16 comes as Float16Array where the engine has it: the bytes are the same. */
export function fromRuntime(name: string, { type, dims, data }: RuntimeTensor): Tensor {
  if (!ArrayBuffer.isView(data) || !isDataType(type)) {
    throw new RuntimeFailureError(`Output ${name} is a ${type}, which is no tensor of numbers.`);
  }
  const whole = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return tensorOver(type, dims, whole ? data.buffer : bytes.slice().buffer);
}

const dataTypes: ReadonlySet<string> = new Set([
  'float32',
  'float16',
  'int64',
  'int32',
  'uint8',
  'int8',
  'bool',
] satisfies DataType[]);

function isDataType(type: string): type is DataType {
  return dataTypes.has(type);
}
