import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

/** The largest distance of a code from the one that means 0. */
const LIMIT = 127;

/** Stands for the largest number of a row of zeros, whose scale must not be 0. */
const SMALLEST = 1e-30;

/** What whole numbers of up to 127 are multiplied with to give each row of `x [..., in]`: float32 `[..., 1]`. */
export function rowScales(g: GraphBuilder, x: Value, scope: Scope): Value {
  const outputs = [{ dtype: 'float32', shape: [...x.shape.slice(0, -1), 1] }] as const;
  const extreme = (operator: 'ReduceMax' | 'ReduceMin') =>
    g.single({ operator, inputs: [x, g.integers([-1])], outputs, attributes: { keepdims: integer(1) } }, scope);
  const lowest = g.negated(extreme('ReduceMin'), scope);
  const inputs = [extreme('ReduceMax'), lowest, g.floats([SMALLEST])];
  const largest = g.single({ operator: 'Max', inputs, outputs }, scope);
  return g.mul(largest, g.floats([1 / LIMIT]), scope);
}
