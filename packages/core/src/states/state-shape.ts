import { GraphContractError } from '../errors/graph-contract-error.ts';
import type { Dim, StateSpec } from '../graph-contract.ts';

/**
 * Dimensions of a state tensor with room for `capacity` positions.
 *
 * @throws GraphContractError when another axis than the growing one is a letter.
 */
export function stateShape({ input, shape, growingAxis }: StateSpec, capacity: number): number[] {
  return shape.map((dim, axis) => {
    if (axis === growingAxis) return capacity;
    if (typeof dim === 'number') return dim;
    throw new GraphContractError(`State ${input} has dimension ${dim}; only its growing axis may be a letter.`);
  });
}

/** `shape` with the numbers that the file knows instead of letters. */
export function knownShape(shape: readonly Dim[], inFile: readonly Dim[] = []): readonly Dim[] {
  return shape.map((dim, axis) => {
    const other = inFile[axis];
    return typeof other === 'number' ? other : dim;
  });
}
