import {
  firstCapacity,
  GraphContractError,
  grownCapacity,
  RuntimeFailureError,
  sameStates,
  stateShape,
  zeroTensor,
  type StateSpec,
} from '@ovis/core';
import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { growth } from './growth.ts';
import type { Runtime } from './load-runtime.ts';
import { toRuntime } from './runtime-tensors.ts';
import type { TensorJoiner } from './tensor-joiner.ts';

/**
 * The state of one sequence as tensors on a device. Nothing can be written into them from here: a run reads
 * the old ones and returns new ones, which are fed to the next run. They never come to the memory of the process.
 */
export class DeviceState {
  readonly #runtime: Runtime;
  readonly #joiner: TensorJoiner;
  readonly #specs: readonly StateSpec[];
  /** By the graph's input. Before the first run zeros in the memory of the process. */
  readonly #tensors = new Map<string, RuntimeTensor>();
  #capacity: number;

  /** `specs` have numbers everywhere but on the growing axis. */
  constructor(runtime: Runtime, joiner: TensorJoiner, specs: readonly StateSpec[], positions: number) {
    this.#runtime = runtime;
    this.#joiner = joiner;
    this.#specs = specs;
    this.#capacity = firstCapacity(positions, growth);
    for (const spec of specs) this.#tensors.set(spec.input, this.#zeros(spec, this.#capacity));
  }

  /** Positions there is room for. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Whether graphs with these states may run with this one. */
  serves(specs: readonly StateSpec[]): boolean {
    return specs === this.#specs || sameStates(specs, this.#specs);
  }

  /** The tensor that the graph's input of this spec reads. */
  current({ input }: StateSpec): RuntimeTensor {
    const tensor = this.#tensors.get(input);
    if (tensor === undefined) throw new GraphContractError(`The state has no tensor for input ${input}.`);
    return tensor;
  }

  /** Takes what a run returned, and frees what it read. */
  advance(results: InferenceSession.OnnxValueMapType): void {
    for (const { input, output } of this.#specs) {
      const tensor = results[output];
      if (tensor === undefined) throw new RuntimeFailureError(`The run returned no output ${output}.`);
      this.#replace(input, tensor);
    }
  }

  /** Makes room for `positions`, keeping the first `used`. */
  async reserve(positions: number, used: number): Promise<void> {
    const capacity = grownCapacity(this.#capacity, positions, used, growth);
    if (capacity === this.#capacity) return;
    for (const spec of this.#specs) {
      const { input, growingAxis } = spec;
      if (growingAxis === null) continue;
      const behind = this.#zeros(spec, capacity - this.#capacity);
      this.#replace(input, await this.#joiner.join(spec.dtype, growingAxis, this.current(spec), behind));
    }
    this.#capacity = capacity;
  }

  /** Frees its memory. */
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }

  #zeros(spec: StateSpec, positions: number): RuntimeTensor {
    return toRuntime(this.#runtime, zeroTensor(spec.dtype, stateShape(spec, positions)));
  }

  #replace(input: string, tensor: RuntimeTensor): void {
    const old = this.#tensors.get(input);
    this.#tensors.set(input, tensor);
    if (old !== tensor) old?.dispose();
  }
}
