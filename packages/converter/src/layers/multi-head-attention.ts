import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { mismatch, sizeAt } from '../graph/shape-rules.ts';
import { describe, sameShape, type Value } from '../graph/value.ts';
import type { Heads } from './query-key-value.ts';

/**
 * Every patch attends to every patch of its view: `softmax(q k^T / sqrt(h)) v` per head.
 *
 * @param attended - Query, key and value `[B, P, H*h]`.
 * @returns `[B, P, H*h]`, before the output projection.
 */
export function multiHeadAttention(g: GraphBuilder, attended: Heads, scope: Scope, heads: number): Value {
  const { query, key, value } = attended;
  const path = scope.path('MultiHeadAttention');
  const width = sizeAt(path, query, -1);
  if (width % heads !== 0) mismatch(path, `a last axis that ${heads} heads share evenly`, describe(query));
  for (const other of [key, value]) {
    if (!sameShape(query.shape, other.shape)) mismatch(path, describe(query), `${other.name}: ${describe(other)}`);
  }
  return g.single(
    {
      operator: 'MultiHeadAttention',
      domain: CONTRIB,
      inputs: [query, key, value],
      outputs: [{ dtype: 'float32', shape: query.shape }],
      attributes: { num_heads: integer(heads), scale: float((width / heads) ** -0.5) },
    },
    scope,
  );
}
