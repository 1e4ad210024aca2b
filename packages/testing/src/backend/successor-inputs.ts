import { int32Tensor, sameDims, type NamedTensors, type SuccessorSpec, type Tensor } from '@ovis/core';

/** The run that follows from another. */
export type Successor = {
  readonly inputs: NamedTensors;
  /** Positions that the state must have room for. */
  readonly length: number;
};

/** The inputs that a signature's `successor` foresees after a run, or null where the run was not over one position. */
export function successorInputs(spec: SuccessorSpec, inputs: NamedTensors, outputs: NamedTensors): Successor | null {
  const next: Record<string, Tensor> = { ...inputs };
  for (const [input, output] of Object.entries(spec.feeds)) {
    const [before, given] = [inputs[input], outputs[output]];
    if (!before || !given || before.dtype !== given.dtype || !sameDims(before.dims, given.dims)) return null;
    next[input] = given;
  }
  for (const name of spec.counts) {
    const before = inputs[name];
    if (before?.dtype !== 'int32') return null;
    next[name] = int32Tensor(
      Array.from(before.data, (value) => value + 1),
      before.dims,
    );
  }
  const length = Number(next[spec.length]?.data[0] ?? Infinity);
  return { inputs: next, length };
}
