import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { mismatch } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';

/**
 * A small weight (bias, norm, position table) under `name`; float32 whatever the dtype of its part, because
 * it weighs nothing next to the matrices.
 */
export function vector(g: GraphBuilder, expression: WeightExpression, scope: Scope, name: string): Value {
  const storage = { kind: 'f32', transposed: false } as const;
  const [value] = g.weight({ name: scope.name(name), part: scope.part, expression, storage });
  return value ?? mismatch(scope.path(name), 'one initializer', 'none');
}
