import {
  bytesPerElement,
  elementCount,
  GraphContractError,
  InvalidArgumentError,
  RuntimeFailureError,
  sameStates,
  type StateSpec,
  type Tensor,
} from '@ovis/core';
import { totalmem } from 'node:os';
import { allocate } from './runtime-tensors.ts';

/** Capacities are multiples of this many positions. */
const STEP = 256;

/**
 * A state grows by this share of itself, and by at least one {@link STEP}: attention may read all that there is room for,
 * so much room would cost more than growing often.
 */
const GROWTH = 1 / 8;

/**
 * The state tensors of one sequence, in the memory of the worker. A growing one has room for `capacity`
 * positions, of which the graph reads as many as its inputs tell it, and writes behind them.
 */
export class GraphState {
  readonly #specs: readonly StateSpec[];
  #capacity: number;
  readonly #tensors: Map<string, Tensor>;

  /** `specs` have numbers everywhere but on the growing axis. */
  constructor(specs: readonly StateSpec[], positions: number) {
    this.#specs = specs;
    this.#capacity = capacityFor(positions);
    this.#assertFits(this.#capacity);
    this.#tensors = new Map(specs.map((spec) => [spec.input, allocated(spec, this.#capacity)]));
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
  current({ input }: StateSpec): Tensor {
    const tensor = this.#tensors.get(input);
    if (tensor === undefined) throw new GraphContractError(`The state has no tensor for input ${input}.`);
    return tensor;
  }

  /**
   * Where the graph's output of this spec may write: a growing tensor onto itself, since the graph only
   * appends to it; another one beside, since the graph may still read the old one.
   */
  target(spec: StateSpec): Tensor {
    const current = this.current(spec);
    return spec.growingAxis === null ? allocate(current.dtype, current.dims, current.data.byteLength) : current;
  }

  /** Takes what a run wrote. */
  advance(written: ReadonlyMap<StateSpec, Tensor>): void {
    for (const [spec, tensor] of written) {
      const { dims } = this.current(spec);
      if (tensor.dims.length !== dims.length || tensor.dims.some((dim, axis) => dim !== dims[axis])) {
        throw new RuntimeFailureError(
          `The run returned state ${spec.output} as [${tensor.dims.join(', ')}], but there is room for [${dims.join(', ')}].`,
        );
      }
    }
    for (const [spec, tensor] of written) this.#tensors.set(spec.input, tensor);
  }

  /** Its memory goes with the last reference to it. */
  dispose(): void {
    this.#tensors.clear();
  }

  /**
   * Makes room for `positions`, keeping the first `used`. One tensor after the other, so that the old and the new ones are
   * never all in memory; a state that ran out of memory in between is good for nothing but disposal.
   */
  reserve(positions: number, used: number): void {
    const capacity = grownCapacity(this.#capacity, positions, used);
    if (capacity === this.#capacity) return;
    this.#assertFits(capacity);
    for (const spec of this.#specs) {
      if (spec.growingAxis === null) continue;
      const target = allocated(spec, capacity);
      copyPositions(this.current(spec), target, spec.growingAxis, used);
      this.#tensors.set(spec.input, target);
    }
    this.#capacity = capacity;
  }

  #assertFits(capacity: number): void {
    const total = this.#specs.reduce((sum, spec) => sum + bytesAt(spec, capacity), 0);
    if (total <= totalmem()) return;
    throw new InvalidArgumentError(
      `Keys and values of ${capacity} positions take ${(total / 2 ** 30).toFixed(1)} GiB, more than this machine has. ` +
        'Ask for fewer positions.',
    );
  }
}

function bytesAt(spec: StateSpec, capacity: number): number {
  return elementCount(shapeAt(spec, capacity)) * bytesPerElement[spec.dtype];
}

function allocated(spec: StateSpec, capacity: number): Tensor {
  return allocate(spec.dtype, shapeAt(spec, capacity), bytesAt(spec, capacity));
}

/** The capacity of an empty state with room for `positions`. */
export function capacityFor(positions: number): number {
  assertPositions(positions);
  return Math.max(1, Math.ceil(positions / STEP)) * STEP;
}

/** The capacity after room for `positions` was made, `used` of which are kept. */
export function grownCapacity(capacity: number, positions: number, used: number): number {
  if (!Number.isSafeInteger(used) || used < 0 || used > capacity) {
    throw new InvalidArgumentError(`used is ${used}; the state holds 0 to ${capacity} positions.`);
  }
  assertPositions(positions);
  if (positions <= capacity) return capacity;
  return capacityFor(Math.max(positions, capacity + Math.max(STEP, capacity * GROWTH)));
}

function assertPositions(positions: number): void {
  if (!Number.isSafeInteger(positions) || positions < 0) {
    throw new InvalidArgumentError(`${positions} is no number of positions; a state holds 0 or more.`);
  }
}

/** Dimensions of a state tensor with room for `capacity` positions. */
export function shapeAt({ input, shape, growingAxis }: StateSpec, capacity: number): number[] {
  return shape.map((dim, axis) => {
    if (axis === growingAxis) return capacity;
    if (typeof dim === 'number') return dim;
    throw new GraphContractError(`State ${input} has dimension ${dim}; only its growing axis may be a letter.`);
  });
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
