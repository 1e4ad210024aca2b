import {
  bytesPerElement,
  copyPositions,
  elementCount,
  firstCapacity,
  GraphContractError,
  grownCapacity,
  InvalidArgumentError,
  returnedTensor,
  RuntimeFailureError,
  stateShape,
  zeroTensor,
  type StateSpec,
  type Tensor,
} from '@ovis/core';
import type { Runtime } from '../runtime/load-runtime.ts';
import { toRuntime } from '../runtime/runtime-tensors.ts';
import type { RuntimeTensors, StateMemory } from './state-memory.ts';
import { tightGrowth } from './growth.ts';

/** WebAssembly addresses 4 GiB, and each run copies the state there beside the weights. */
const MOST_BYTES = 2 ** 31;

/** State tensors in the memory of JavaScript. Each run copies them into WebAssembly and the new ones back. */
export class HostState implements StateMemory {
  readonly #runtime: Runtime;
  readonly #specs: readonly StateSpec[];
  #capacity: number;
  #tensors: Map<string, Tensor>;

  /** `specs` have numbers everywhere but on the growing axis. */
  constructor(runtime: Runtime, specs: readonly StateSpec[], positions: number) {
    this.#runtime = runtime;
    this.#specs = specs;
    this.#capacity = firstCapacity(positions, tightGrowth);
    this.#tensors = allocated(specs, this.#capacity);
  }

  get capacity(): number {
    return this.#capacity;
  }

  feeds(): RuntimeTensors {
    return Object.fromEntries(
      this.#specs.map((spec) => [spec.input, toRuntime(this.#runtime, this.#current(spec))] as const),
    );
  }

  fetches(): Record<string, null> {
    return Object.fromEntries(this.#specs.map(({ output }) => [output, null]));
  }

  advance(results: RuntimeTensors): void {
    const written = this.#specs.map((spec) => [spec, this.#resultOf(spec, results)] as const);
    for (const [{ input }, tensor] of written) this.#tensors.set(input, tensor);
  }

  async reserve(positions: number, used: number): Promise<void> {
    const capacity = grownCapacity(this.#capacity, positions, used, tightGrowth);
    if (capacity === this.#capacity) return;
    const larger = allocated(this.#specs, capacity);
    for (const spec of this.#specs) {
      const target = larger.get(spec.input);
      if (spec.growingAxis === null) larger.set(spec.input, this.#current(spec));
      else if (target !== undefined) copyPositions(this.#current(spec), target, spec.growingAxis, used);
    }
    this.#capacity = capacity;
    this.#tensors = larger;
  }

  dispose(): void {
    this.#tensors.clear();
  }

  #current({ input }: StateSpec): Tensor {
    const tensor = this.#tensors.get(input);
    if (tensor === undefined) throw new GraphContractError(`The state has no tensor for input ${input}.`);
    return tensor;
  }

  #resultOf(spec: StateSpec, results: RuntimeTensors): Tensor {
    const result = results[spec.output];
    if (result === undefined) throw new RuntimeFailureError(`The run returned no state ${spec.output}.`);
    const tensor = returnedTensor(spec.output, result);
    const { dims } = this.#current(spec);
    if (tensor.dims.length === dims.length && tensor.dims.every((dim, axis) => dim === dims[axis])) return tensor;
    throw new RuntimeFailureError(
      `The run returned state ${spec.output} as [${tensor.dims.join(', ')}], but there is room for [${dims.join(', ')}].`,
    );
  }
}

function allocated(specs: readonly StateSpec[], capacity: number): Map<string, Tensor> {
  const shapes = specs.map((spec) => ({ ...spec, dims: stateShape(spec, capacity) }));
  const total = shapes.reduce((sum, { dtype, dims }) => sum + elementCount(dims) * bytesPerElement[dtype], 0);
  if (total > MOST_BYTES) {
    throw new InvalidArgumentError(
      `Keys and values of ${capacity} positions take ${(total / 2 ** 30).toFixed(1)} GiB, more than WebAssembly can ` +
        'hold beside the weights. Ask for fewer positions.',
    );
  }
  return new Map(shapes.map(({ input, dtype, dims }) => [input, zeroTensor(dtype, dims)]));
}
