import { RuntimeFailureError, type DataType, type NamedTensors, type Tensor } from '@ovis/core';
import type { Tensor as RuntimeTensor } from 'onnxruntime-web';
import type { Runtime } from './load-runtime.ts';

/** A tensor of the runtime over the same memory. */
export function toRuntime(runtime: Runtime, { dtype, dims, data }: Tensor): RuntimeTensor {
  return new runtime.Tensor(dtype, data, dims);
}

/** Tensors of the runtime over the same memory, by name. */
export function allToRuntime(runtime: Runtime, tensors: NamedTensors): Record<string, RuntimeTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toRuntime(runtime, tensor)]));
}

/** A tensor that a run returned, as ours. float16 comes as Float16Array where the browser has it: the bytes are the same. */
export function fromRuntime(name: string, { type, dims, data }: RuntimeTensor): Tensor {
  if (!ArrayBuffer.isView(data) || !isDataType(type)) {
    throw new RuntimeFailureError(`Output ${name} is a ${type}, which is no tensor of numbers.`);
  }
  const whole = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return tensorOver(type, dims, whole ? data.buffer : bytes.slice().buffer);
}

/** A zeroed tensor of ours. */
export function allocate(dtype: DataType, dims: readonly number[], bytes: number): Tensor {
  return tensorOver(dtype, dims, new ArrayBuffer(bytes));
}

/** Tensors whose type is only known to be one of all. */
type AnyTensors = Readonly<
  Record<string, { readonly dtype: DataType; readonly dims: readonly number[]; readonly data: Tensor['data'] }>
>;

/** Copies of tensors: what waits for its turn must not change meanwhile. */
export function copyTensors(tensors: AnyTensors): NamedTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, dims, data }]) => {
      const buffer = new ArrayBuffer(data.byteLength);
      new Uint8Array(buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return [name, tensorOver(dtype, dims, buffer)] as const;
    }),
  );
}

/** A tensor over a whole buffer. */
function tensorOver(dtype: DataType, dims: readonly number[], buffer: ArrayBuffer): Tensor {
  switch (dtype) {
    case 'float32':
      return { dtype, dims, data: new Float32Array(buffer) };
    case 'float16':
      return { dtype, dims, data: new Uint16Array(buffer) };
    case 'int64':
      return { dtype, dims, data: new BigInt64Array(buffer) };
    case 'int32':
      return { dtype, dims, data: new Int32Array(buffer) };
    case 'int8':
      return { dtype, dims, data: new Int8Array(buffer) };
    case 'uint8':
    case 'bool':
      return { dtype, dims, data: new Uint8Array(buffer) };
  }
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
