import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

/** `cap * tanh(x / cap)`, or `x` where there is no cap. */
export function softCapped(g: GraphBuilder, x: Value, cap: number | null, scope: Scope): Value {
  if (cap === null) return x;
  return g.mul(g.tanh(g.mul(x, g.floats([1 / cap]), scope), scope), g.floats([cap]), scope);
}
