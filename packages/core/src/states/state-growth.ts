import { InvalidArgumentError } from '../errors/invalid-argument-error.ts';

/** How the states of a backend grow. */
export type StateGrowth = {
  /** Capacities are multiples of this many positions. */
  readonly step: number;
  /** A state grows at least by this share of itself, but by no more than `most` positions that nobody asked for. */
  readonly share: number;
  readonly most: number;
};

/**
 * Capacity of a new state with room for `positions`.
 *
 * @throws InvalidArgumentError when that is no number of positions.
 */
export function firstCapacity(positions: number, { step }: StateGrowth): number {
  assertPositions(positions);
  return Math.max(1, Math.ceil(positions / step)) * step;
}

/**
 * Capacity of a state that needs room for `positions` and keeps the first `used`; never less than `capacity`.
 *
 * @throws InvalidArgumentError when there are not as many to keep.
 */
export function grownCapacity(capacity: number, positions: number, used: number, growth: StateGrowth): number {
  if (!Number.isSafeInteger(used) || used < 0 || used > capacity) {
    throw new InvalidArgumentError(`used is ${used}; the state holds 0 to ${capacity} positions.`);
  }
  assertPositions(positions);
  if (positions <= capacity) return capacity;
  return firstCapacity(Math.max(positions, capacity + Math.min(capacity * growth.share, growth.most)), growth);
}

function assertPositions(positions: number): void {
  if (Number.isSafeInteger(positions) && positions >= 0) return;
  throw new InvalidArgumentError(`${positions} is no number of positions; a state holds 0 or more.`);
}
