import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { mismatch, requireDtype, requireRank, sizeAt } from '../graph/shape-rules.ts';
import { describe, type Value } from '../graph/value.ts';

/** Cosine and sine of every position's angles, `[positions, h/2]` each; narrower where only a head's start is rotated. */
export type RotaryTables = { readonly cosines: Value; readonly sines: Value };

/** Where rotary positions are applied to. */
export type RotaryEmbeddingOptions = {
  readonly heads: number;
  /** Row of the tables that belongs to the first position of `x`, int64 `[1]`. */
  readonly start: Value;
};

/**
 * Rotates each head's two halves into each other: `[a, b]` to `[a cos - b sin, b cos + a sin]`. `x` and the
 * result are `[B, S, H*h]`; the tables have a row for every position of `x`. Where they are narrower than half a head,
 * only as many values at the start of a head are rotated.
 */
export function rotaryEmbedding(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  { cosines, sines }: RotaryTables,
  { heads, start }: RotaryEmbeddingOptions,
): Value {
  const path = scope.path('RotaryEmbedding');
  requireRank(path, x, 3);
  requireDtype(path, start, 'int64');
  const headSize = sizeAt(path, x, -1) / heads;
  for (const table of [cosines, sines]) {
    requireRank(path, table, 2);
    if (sizeAt(path, table, 1) * 2 > headSize) {
      mismatch(path, `a table [positions, at most ${headSize / 2}]`, `${table.name}: ${describe(table)}`);
    }
  }
  return g.single(
    {
      operator: 'RotaryEmbedding',
      domain: CONTRIB,
      inputs: [x, start, cosines, sines],
      outputs: [{ dtype: 'float32', shape: x.shape }],
      attributes: { num_heads: integer(heads), rotary_embedding_dim: integer(sizeAt(path, cosines, 1) * 2) },
    },
    scope,
  );
}
