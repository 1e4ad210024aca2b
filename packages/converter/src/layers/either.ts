import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

/**
 * Computes one of two cases and leaves the other alone. Both give equally many values of the same types and shapes.
 *
 * @param condition - bool `[1]`.
 */
export function either(
  g: GraphBuilder,
  condition: Value,
  scope: Scope,
  then: () => readonly Value[],
  otherwise: () => readonly Value[],
): readonly Value[] {
  const bodies = { then_branch: g.body([], scope, then), else_branch: g.body([], scope, otherwise) };
  const outputs = bodies.else_branch.outputs.map(({ dtype, shape }) => ({ dtype, shape }));
  return g.node({ operator: 'If', inputs: [condition], outputs, bodies }, scope);
}
