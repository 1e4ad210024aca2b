import { ShapeMismatchError, type DataType, type Dim } from '@ovis/core';
import { describe, describeShape, type Value } from './value.ts';

const wayOut = 'Compare the sizes in config.json with the model file that builds this node.';

/** Throws the error of a node whose inputs do not fit. */
export function mismatch(node: string, expected: string, came: string): never {
  throw new ShapeMismatchError(`${node}: expected ${expected}, got ${came}. ${wayOut}`, {
    details: { node, expected, came },
  });
}

/** Checks an element type. */
export function requireDtype(node: string, value: Value, dtype: DataType): void {
  if (value.dtype !== dtype) mismatch(node, `elements of type ${dtype}`, `${value.name}: ${describe(value)}`);
}

/** Checks the number of axes. */
export function requireRank(node: string, value: Value, rank: number): void {
  if (value.shape.length !== rank) mismatch(node, `${rank} axes`, `${value.name}: ${describe(value)}`);
}

/** The size of an axis; negative axes count from the end. */
export function dimAt(node: string, value: Value, axis: number): Dim {
  return value.shape.at(axis) ?? mismatch(node, `an axis ${axis}`, `${value.name}: ${describe(value)}`);
}

/** The size of an axis that must be known while building. */
export function sizeAt(node: string, value: Value, axis: number): number {
  const dim = dimAt(node, value, axis);
  return typeof dim === 'number'
    ? dim
    : mismatch(node, `a fixed size on axis ${axis}`, `${value.name}: ${describe(value)}`);
}

/** NumPy's broadcasting, where a letter only equals itself. */
export function broadcast(node: string, left: Value, right: Value): readonly Dim[] {
  const rank = Math.max(left.shape.length, right.shape.length);
  return Array.from({ length: rank }, (_, position) => {
    const a = left.shape[position - rank + left.shape.length] ?? 1;
    const b = right.shape[position - rank + right.shape.length] ?? 1;
    if (a === b || b === 1) return a;
    if (a === 1) return b;
    return mismatch(node, 'shapes that broadcast', `${describe(left)} and ${describe(right)}`);
  });
}

/** Shape of a product with a matrix, over the last axis of `left`. */
export function matrixProduct(node: string, left: Value, right: Value): readonly Dim[] {
  requireRank(node, right, 2);
  if (left.shape.length < 2 || dimAt(node, left, -1) !== dimAt(node, right, 0)) {
    mismatch(node, 'a last axis as long as the matrix is high', `${describe(left)} times ${describe(right)}`);
  }
  return [...left.shape.slice(0, -1), dimAt(node, right, 1)];
}

/**
 * The `shape` input of a Reshape: 0 copies the axis of the same number, -1 stands for the one size that only
 * a run knows. Refuses shapes whose element counts provably differ.
 */
export function reshapeTarget(node: string, from: Value, to: readonly Dim[]): readonly number[] {
  const target = to.map((dim, axis) => {
    if (typeof dim === 'number') return dim;
    return from.shape[axis] === dim ? 0 : -1;
  });
  const sameLetters = letters(from.shape) === letters(to);
  const countsDiffer = sameLetters && product(from.shape) !== product(to);
  if (countsDiffer || target.filter((size) => size === -1).length > 1) {
    mismatch(node, `as many elements as ${describe(from)}`, describeShape(to));
  }
  return target;
}

function letters(shape: readonly Dim[]): string {
  return shape
    .filter((dim) => typeof dim === 'string')
    .toSorted()
    .join(' ');
}

function product(shape: readonly Dim[]): number {
  return shape.reduce<number>((count, dim) => (typeof dim === 'number' ? count * dim : count), 1);
}
