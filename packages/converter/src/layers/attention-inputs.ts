import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { headLayout, type HeadLayout } from '../lowering/head-size.ts';
import type { GroupedQueryAttentionOptions } from './grouped-query-attention-options.ts';
import { headNorm } from './norms.ts';
import { padHeads } from './pad-heads.ts';
import { separated, type Heads, type QueryKeyValue } from './query-key-value.ts';
import { rotaryEmbedding } from './rotary-embedding.ts';

/** Queries, keys and values as the two ways of attending take them. */
export type AttentionInputs = {
  /** Of the operator: one packed tensor alone, or three. */
  readonly fused: readonly [Value, Value | null, Value | null];
  /** Rotated before; `start` is the index of the first new position. */
  readonly rotated: (start: Value) => Heads;
};

/** What attention needs to know before anything of the past comes in. */
type NewPositions = Omit<GroupedQueryAttentionOptions, 'past'>;

/** The operator takes one packed tensor as it is, unless query and key need something done to them before. */
export function attentionInputs(
  g: GraphBuilder,
  projected: QueryKeyValue,
  scope: Scope,
  options: NewPositions,
): AttentionInputs {
  const layout = layoutOf(options);
  const isInside = layout.rotation === 'inside';
  if (options.headNorm === null && isInside && projected.kind === 'packed') {
    const { packed } = projected;
    return {
      fused: [packed, null, null],
      rotated: (start) => rotated(g, separated(g, projected, scope), start, scope, options),
    };
  }
  const normed = normedHeads(g, separated(g, projected, scope), scope, options);
  if (isInside) {
    const { query, key, value } = normed;
    return { fused: [query, key, value], rotated: (start) => rotated(g, normed, start, scope, options) };
  }
  const all = rotated(g, normed, firstPosition(g, normed.query, scope, options), scope, options);
  return { fused: [all.query, all.key, all.value], rotated: () => all };
}

/** How heads are stored, and where they are rotated. */
export function layoutOf({ headSize, rotary }: Pick<NewPositions, 'headSize' | 'rotary'>): HeadLayout {
  return headLayout(headSize, sizeAt('rotary tables', rotary.cosines, 1) * 2);
}

/** Index of the first new position, int64 `[1]`; the same for all layers. */
export function firstPosition(
  g: GraphBuilder,
  query: Value,
  scope: Scope,
  { totalLength }: Pick<NewPositions, 'totalLength'>,
): Value {
  const [start = query] = g.once('first new position', () => [
    g.sub(g.toInt64(totalLength, scope), g.sizeOf(query, 1, scope), scope),
  ]);
  return start;
}

function normedHeads(g: GraphBuilder, all: Heads, scope: Scope, options: NewPositions): Heads {
  const { heads, keyValueHeads, headNorm: norm } = options;
  if (norm === null) return all;
  const query = headNorm(g, all.query, scope.child('q_norm'), { ...norm, heads });
  const key = headNorm(g, all.key, scope.child('k_norm'), { ...norm, heads: keyValueHeads });
  return { query, key, value: all.value };
}

/** Rotation, and zeros up to the stored size, for heads that the operator does not rotate. */
function rotated(
  g: GraphBuilder,
  { query, key, value }: Heads,
  start: Value,
  scope: Scope,
  options: NewPositions,
): Heads {
  const { heads, keyValueHeads, headSize, rotary } = options;
  const { storedSize } = layoutOf(options);
  const pad = (x: Value, count: number) => padHeads(g, x, scope, { heads: count, headSize, storedSize });
  return {
    query: pad(rotaryEmbedding(g, query, scope, rotary, { heads, start }), heads),
    key: pad(rotaryEmbedding(g, key, scope, rotary, { heads: keyValueHeads, start }), keyValueHeads),
    value: pad(value, keyValueHeads),
  };
}
