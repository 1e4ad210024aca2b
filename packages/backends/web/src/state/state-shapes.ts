import { GraphContractError, InvalidArgumentError, type Dim, type StateSpec } from '@ovis/core';

/** How states grow. */
export type Growth = {
  /** Capacities are multiples of this many positions. */
  readonly step: number;
  /** A state grows at least by this share of itself, but by no more than `most` positions that nobody asked for. */
  readonly share: number;
  readonly most: number;
};

/** Room costs memory only: on a device. */
export const generousGrowth: Growth = { step: 256, share: 1, most: 4096 };

/** Room is copied at every run: between JavaScript and WebAssembly. */
export const tightGrowth: Growth = { step: 32, share: 1 / 16, most: 256 };

/** Capacity of a new state with room for `positions`. */
export function firstCapacity(positions: number, { step }: Growth): number {
  assertPositions(positions);
  return Math.max(1, Math.ceil(positions / step)) * step;
}

/** Capacity of a state that needs room for `positions`; never less than `capacity`. */
export function grownCapacity(capacity: number, positions: number, growth: Growth): number {
  assertPositions(positions);
  if (positions <= capacity) return capacity;
  return firstCapacity(Math.max(positions, capacity + Math.min(capacity * growth.share, growth.most)), growth);
}

/** @throws InvalidArgumentError when a state of this capacity cannot hold `used` positions. */
export function assertUsed(used: number, capacity: number): void {
  if (Number.isSafeInteger(used) && used >= 0 && used <= capacity) return;
  throw new InvalidArgumentError(`used is ${used}; the state holds 0 to ${capacity} positions.`);
}

/** Dimensions of a state tensor with room for `capacity` positions. */
export function shapeAt({ input, shape, growingAxis }: StateSpec, capacity: number): number[] {
  return shape.map((dim, axis) => {
    if (axis === growingAxis) return capacity;
    if (typeof dim === 'number') return dim;
    throw new GraphContractError(`State ${input} has dimension ${dim}; only its growing axis may be a letter.`);
  });
}

/** `shape` with the numbers that the file knows instead of letters. */
export function withKnown(shape: readonly Dim[], inFile: readonly Dim[] = []): readonly Dim[] {
  return shape.map((dim, axis) => {
    const other = inFile[axis];
    return typeof other === 'number' ? other : dim;
  });
}

function assertPositions(positions: number): void {
  if (Number.isSafeInteger(positions) && positions >= 0) return;
  throw new InvalidArgumentError(`${positions} is no number of positions; a state holds 0 or more.`);
}
