import { RuntimeFailureError } from './errors/runtime-failure-error.ts';
import { tensorOver } from './tensor-over.ts';
import { bytesPerElement, type DataType, type Tensor } from './tensor.ts';

/** A tensor as the bindings of ONNX Runtime return it. */
export type RuntimeResult = { readonly type: string; readonly dims: readonly number[]; readonly data: unknown };

/**
 * A tensor that a run returned, as ours; not copied where it has its memory for itself. float16 comes as Float16Array
 * where the engine has it: the bytes are the same.
 *
 * @throws RuntimeFailureError when it holds no numbers.
 */
export function returnedTensor(name: string, { type, dims, data }: RuntimeResult): Tensor {
  if (!ArrayBuffer.isView(data) || !isDataType(type)) {
    throw new RuntimeFailureError(`Output ${name} is a ${type}, which is no tensor of numbers.`);
  }
  const whole = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return tensorOver(type, dims, whole ? data.buffer : bytes.slice().buffer);
}

function isDataType(type: string): type is DataType {
  return Object.hasOwn(bytesPerElement, type);
}
