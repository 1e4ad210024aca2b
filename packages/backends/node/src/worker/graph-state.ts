import {
  bytesPerElement,
  copyPositions,
  elementCount,
  firstCapacity,
  GraphContractError,
  grownCapacity,
  InvalidArgumentError,
  RuntimeFailureError,
  sameDims,
  sameStates,
  stateShape,
  zeroTensor,
  type StateSpec,
  type Tensor,
} from '@ovis/core';
import { totalmem } from 'node:os';
import { growth } from './growth.ts';

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
    this.#capacity = firstCapacity(positions, growth);
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
    return spec.growingAxis === null ? zeroTensor(current.dtype, current.dims) : current;
  }

  /** Takes what a run wrote. */
  advance(written: ReadonlyMap<StateSpec, Tensor>): void {
    for (const [spec, tensor] of written) {
      const { dims } = this.current(spec);
      if (!sameDims(tensor.dims, dims)) {
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
    const capacity = grownCapacity(this.#capacity, positions, used, growth);
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
  return elementCount(stateShape(spec, capacity)) * bytesPerElement[spec.dtype];
}

function allocated(spec: StateSpec, capacity: number): Tensor {
  return zeroTensor(spec.dtype, stateShape(spec, capacity));
}
