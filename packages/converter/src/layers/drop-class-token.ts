import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { dimAt, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';

/** Takes away the first token of every view: `[B, P + 1, d]` to `[B, P, d]`. */
export function dropClassToken(g: GraphBuilder, features: Value, scope: Scope): Value {
  const path = scope.path('dropClassToken');
  const [batch, tokens, d] = [dimAt(path, features, 0), sizeAt(path, features, 1), sizeAt(path, features, 2)];
  const flat = g.reshape(features, [batch, tokens * d], scope);
  const [, patches = flat] = g.split(flat, [d, (tokens - 1) * d], scope);
  return g.reshape(patches, [batch, tokens - 1, d], scope);
}
