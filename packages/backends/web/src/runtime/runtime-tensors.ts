import type { NamedTensors, Tensor } from '@ovis/core';
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
