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
  writePositions,
  zeroTensor,
  type AppendedSpec,
  type NamedTensors,
  type StateSpec,
  type Tensor,
} from '@ovis/core';
import type { Runtime } from '../runtime/load-runtime.ts';
import { toRuntime } from '../runtime/runtime-tensors.ts';
import type { RuntimeTensors, StateMemory } from './state-memory.ts';
import { tightGrowth } from './growth.ts';

/** WebAssembly addresses 4 GiB, and each run copies the state there beside the weights. */
const MOST_BYTES = 2 ** 31;

/**
 * State tensors in the memory of JavaScript. Each run copies them into WebAssembly; back comes what it appended, or all
 * of a state that does not tell.
 */
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
    return Object.fromEntries(this.#specs.map(({ output, appended }) => [appended?.output ?? output, null]));
  }

  advance(results: RuntimeTensors, inputs: NamedTensors): void {
    // All is checked before anything is written.
    const written = this.#specs.map((spec) =>
      spec.appended ? this.#append(spec, spec.appended, results, inputs) : this.#replace(spec, results),
    );
    for (const write of written) write();
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

  #replace(spec: StateSpec, results: RuntimeTensors): () => void {
    const tensor = resultOf(spec.output, results);
    const { dims } = this.#current(spec);
    if (!sameDimensions(tensor.dims, dims)) throw misfit(spec.output, tensor.dims, dims);
    return () => this.#tensors.set(spec.input, tensor);
  }

  #append(spec: StateSpec, { output, length }: AppendedSpec, results: RuntimeTensors, inputs: NamedTensors) {
    const rows = resultOf(output, results);
    const current = this.#current(spec);
    const axis = spec.growingAxis ?? 0;
    const end = Number(inputs[length]?.data[0]);
    const start = end - (rows.dims[axis] ?? 0);
    const others = current.dims.map((dim, index) => (index === axis ? rows.dims[axis] : dim));
    if (!(start >= 0 && end <= this.#capacity) || !sameDimensions(rows.dims, others)) {
      throw misfit(output, rows.dims, current.dims);
    }
    return () => writePositions(rows, current, axis, start);
  }
}

function resultOf(name: string, results: RuntimeTensors): Tensor {
  const result = results[name];
  if (result === undefined) throw new RuntimeFailureError(`The run returned no state ${name}.`);
  return returnedTensor(name, result);
}

function sameDimensions(left: readonly number[], right: readonly (number | undefined)[]): boolean {
  return left.length === right.length && left.every((dim, axis) => dim === right[axis]);
}

function misfit(name: string, found: readonly number[], room: readonly number[]): RuntimeFailureError {
  return new RuntimeFailureError(
    `The run returned state ${name} as [${found.join(', ')}], but there is room for [${room.join(', ')}].`,
  );
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
