import type { StateSpec } from '../graph-contract.ts';

/**
 * Whether two graphs keep the same state, so that one may go on where the other left off: the same tensors in any order,
 * with the same types and sizes. The letter of a growing axis does not matter.
 */
export function sameStates(left: readonly StateSpec[], right: readonly StateSpec[]): boolean {
  if (left.length !== right.length) return false;
  const byInput = new Map(right.map((spec) => [spec.input, spec]));
  return left.every((spec) => {
    const other = byInput.get(spec.input);
    return other !== undefined && sameState(spec, other);
  });
}

function sameState(left: StateSpec, right: StateSpec): boolean {
  return (
    left.output === right.output &&
    left.appended?.output === right.appended?.output &&
    left.dtype === right.dtype &&
    left.growingAxis === right.growingAxis &&
    left.shape.length === right.shape.length &&
    left.shape.every((dim, axis) => axis === left.growingAxis || dim === right.shape[axis])
  );
}
