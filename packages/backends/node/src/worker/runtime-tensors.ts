import type { Tensor } from '@ovis/core';
import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import type { Runtime } from './load-runtime.ts';

/** A tensor of the runtime over the same memory. */
export function toRuntime(runtime: Runtime, tensor: Tensor): RuntimeTensor {
  return new runtime.Tensor(tensor.dtype, tensor.data, tensor.dims);
}
