import { RuntimeFailureError, type DataType } from '@ovis/core';
import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { concatModel } from './concat-model.ts';
import type { Runtime } from './load-runtime.ts';

/**
 * Puts tensors together on a device. Its sessions stay open until {@link release}, since what they return must not
 * outlive them.
 */
export class TensorJoiner {
  readonly #runtime: Runtime;
  readonly #options: InferenceSession.SessionOptions;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  /** `options` are those of the device's sessions. */
  constructor(runtime: Runtime, options: InferenceSession.SessionOptions) {
    this.#runtime = runtime;
    this.#options = { ...options, preferredOutputLocation: 'gpu-buffer' };
  }

  /** `tensor` with `behind` after it on `axis`, on the device. */
  async join(dtype: DataType, axis: number, tensor: RuntimeTensor, behind: RuntimeTensor): Promise<RuntimeTensor> {
    const key = `${dtype}.${axis}`;
    const opening =
      this.#sessions.get(key) ?? this.#runtime.InferenceSession.create(concatModel(dtype, axis), this.#options);
    this.#sessions.set(key, opening);
    const { joined } = await (await opening).run({ tensor, behind });
    if (joined === undefined) throw new RuntimeFailureError('Tensors of a state could not be put together.');
    return joined;
  }

  /** Closes its sessions. Nothing that they returned may be in use. */
  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).release();
    this.#sessions.clear();
  }
}
