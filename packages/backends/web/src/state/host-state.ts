import {
  bytesPerElement,
  elementCount,
  GraphContractError,
  InvalidArgumentError,
  RuntimeFailureError,
  type StateSpec,
  type Tensor,
} from '@ovis/core';
import type { Runtime } from '../runtime/load-runtime.ts';
import { allocate, fromRuntime, toRuntime } from '../runtime/runtime-tensors.ts';
import type { RuntimeTensors, StateMemory } from './state-memory.ts';
import { assertUsed, firstCapacity, grownCapacity, shapeAt, tightGrowth } from './state-shapes.ts';

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
    assertUsed(used, this.#capacity);
    const capacity = grownCapacity(this.#capacity, positions, tightGrowth);
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
    const tensor = fromRuntime(spec.output, result);
    const { dims } = this.#current(spec);
    if (tensor.dims.length === dims.length && tensor.dims.every((dim, axis) => dim === dims[axis])) return tensor;
    throw new RuntimeFailureError(
      `The run returned state ${spec.output} as [${tensor.dims.join(', ')}], but there is room for [${dims.join(', ')}].`,
    );
  }
}

function allocated(specs: readonly StateSpec[], capacity: number): Map<string, Tensor> {
  const shapes = specs.map((spec) => ({ ...spec, dims: shapeAt(spec, capacity) }));
  const sizes = shapes.map(({ dtype, dims }) => elementCount(dims) * bytesPerElement[dtype]);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (total > MOST_BYTES) {
    throw new InvalidArgumentError(
      `Keys and values of ${capacity} positions take ${(total / 2 ** 30).toFixed(1)} GiB, more than WebAssembly can ` +
        'hold beside the weights. Ask for fewer positions.',
    );
  }
  return new Map(shapes.map(({ input, dtype, dims }, index) => [input, allocate(dtype, dims, sizes[index] ?? 0)]));
}

/** Copies the first `used` entries of `axis`; the tensors differ only in the length of that axis. */
function copyPositions(from: Tensor, to: Tensor, axis: number, used: number): void {
  const size = bytesPerElement[from.dtype] * elementCount(from.dims.slice(axis + 1));
  const source = bytesOf(from);
  const target = bytesOf(to);
  const sourceStride = (from.dims[axis] ?? 0) * size;
  const targetStride = (to.dims[axis] ?? 0) * size;
  for (let row = 0; row < elementCount(from.dims.slice(0, axis)); row++) {
    target.set(source.subarray(row * sourceStride, row * sourceStride + used * size), row * targetStride);
  }
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
