import { bytesPerElement, elementCount, type DataType, type Tensor } from './tensor.ts';
import type { NamedTensors } from './graph-contract.ts';

/** A tensor over a whole buffer. */
export function tensorOver(dtype: DataType, dims: readonly number[], buffer: ArrayBuffer): Tensor {
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

/** A tensor of zeros. */
export function zeroTensor(dtype: DataType, dims: readonly number[]): Tensor {
  return tensorOver(dtype, dims, new ArrayBuffer(elementCount(dims) * bytesPerElement[dtype]));
}

/** Copies of tensors, and the buffers behind them, which may be given away. */
export function copyTensors(tensors: Readonly<Record<string, { readonly [Field in keyof Tensor]: Tensor[Field] }>>): {
  copies: NamedTensors;
  buffers: ArrayBuffer[];
} {
  const buffers: ArrayBuffer[] = [];
  const copies = Object.entries(tensors).map(([name, { dtype, dims, data }]) => {
    const buffer = new ArrayBuffer(data.byteLength);
    new Uint8Array(buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    buffers.push(buffer);
    return [name, tensorOver(dtype, dims, buffer)] as const;
  });
  return { copies: Object.fromEntries(copies), buffers };
}
