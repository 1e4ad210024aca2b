import { InvalidArgumentError } from '../errors/invalid-argument-error.ts';
import { ShapeMismatchError } from '../errors/shape-mismatch-error.ts';
import type { Dim, NamedTensors, TensorSpec } from '../graph-contract.ts';
import { elementCount, type Tensor } from '../tensor.ts';

/** What each letter of a contract means in one run. */
export type BoundDimensions = ReadonlyMap<string, number>;

/**
 * Checks the inputs of a run against their specs and gives the numbers behind the letters.
 *
 * @throws InvalidArgumentError when an input is missing or is not one of the graph's.
 * @throws ShapeMismatchError when a type, a dimension or the amount of data differs.
 */
export function bindDimensions(specs: Readonly<Record<string, TensorSpec>>, tensors: NamedTensors): BoundDimensions {
  const unknown = Object.keys(tensors).find((name) => !Object.hasOwn(specs, name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `The graph has no input ${unknown}; its inputs are ${Object.keys(specs).join(', ')}.`,
    );
  }
  const bound = new Map<string, number>();
  for (const [name, spec] of Object.entries(specs)) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (tensor === undefined) throw new InvalidArgumentError(`Input ${name} of the graph is missing.`);
    if (!matches(spec, tensor, bound)) {
      const letters = [...bound].map(([letter, value]) => `${letter} = ${value}`).join(', ');
      throw new ShapeMismatchError(
        `Input ${name} is ${tensor.dtype} [${tensor.dims.join(', ')}] over ${tensor.data.length} elements, expected ` +
          `${spec.dtype} [${spec.shape.join(', ')}]${letters === '' ? '' : ` with ${letters}`}.`,
        { details: { input: name, dims: tensor.dims, expected: spec.shape } },
      );
    }
  }
  return bound;
}

/** The numbers of a shape, or null where a letter is not bound. */
export function boundShape(shape: readonly Dim[], bound: BoundDimensions): readonly number[] | null {
  const dims = shape.map((dim) => (typeof dim === 'number' ? dim : bound.get(dim)));
  return dims.every((dim) => dim !== undefined) ? dims : null;
}

function matches(spec: TensorSpec, tensor: Tensor, bound: Map<string, number>): boolean {
  if (tensor.dtype !== spec.dtype || tensor.dims.length !== spec.shape.length) return false;
  const fit = spec.shape.every((expected, axis) => {
    const dim = tensor.dims[axis];
    if (dim === undefined || !Number.isSafeInteger(dim) || dim < 0) return false;
    if (typeof expected === 'number') return dim === expected;
    const known = bound.get(expected);
    if (known === undefined) bound.set(expected, dim);
    return known === undefined || known === dim;
  });
  return fit && elementCount(tensor.dims) === tensor.data.length;
}
