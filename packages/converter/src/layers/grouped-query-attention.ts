import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { headLayout, type HeadLayout } from '../lowering/head-size.ts';
import type { GroupedQueryAttentionOptions, KeyValue } from './grouped-query-attention-options.ts';
import { headNorm } from './norms.ts';
import { cutHeads, padHeads } from './pad-heads.ts';
import { separated, type Heads, type QueryKeyValue } from './query-key-value.ts';
import { rotaryEmbedding } from './rotary-embedding.ts';
import { singlePosition, streamedAttention } from './streamed-attention.ts';

/** What was attended to, with heads as long as they are stored, and what the next run starts from. */
type Attended = { readonly attended: Value; readonly present: KeyValue };

/** Queries, keys and values as the two ways of attending take them. */
type AttentionInputs = {
  /** Of the operator: one packed tensor alone, or three. */
  readonly fused: readonly [Value, Value | null, Value | null];
  /** Rotated before; `start` is the index of the first new position. */
  readonly rotated: (start: Value) => Heads;
};

/**
 * Causal attention of the new positions to the past and to themselves, with rotary positions; the operator
 * appends the new keys and values to the past.
 *
 * @param projected - Queries `[1, S, H*h]`, keys and values `[1, S, K*h]`, before norm and rotation.
 * @returns What was attended to, `[1, S, H*h]`, and the keys and values that the next run starts from.
 */
export function groupedQueryAttention(
  g: GraphBuilder,
  projected: QueryKeyValue,
  scope: Scope,
  options: GroupedQueryAttentionOptions,
): { readonly attended: Value; readonly present: KeyValue } {
  const { heads, headSize } = options;
  const { storedSize } = layoutOf(options);
  const inputs = attentionInputs(g, projected, scope, options);
  const from = g.lowering.capabilities.streamedAttentionFrom;
  const { attended, present } =
    from === null ? fusedAttention(g, inputs, scope, options) : branches(g, inputs, from, scope, options);
  return { attended: cutHeads(g, attended, scope, { heads, headSize, storedSize }), present };
}

/** The fused operator, or {@link streamedAttention} where there is one new position after a long past. */
function branches(
  g: GraphBuilder,
  inputs: AttentionInputs,
  from: number,
  scope: Scope,
  options: GroupedQueryAttentionOptions,
): Attended {
  const [query] = inputs.fused;
  const [newPositions = query] = g.once('new positions', () => [g.sizeOf(query, 1, scope)]);
  const single = singlePosition(g, newPositions, from, scope, options);
  const start = firstPosition(g, query, scope, options);
  const body = (build: () => Attended) =>
    g.body([], scope, () => {
      const { attended, present } = build();
      return [attended, present.key, present.value];
    });
  const then = body(() => streamedAttention(g, inputs.rotated(start), scope, single, options));
  const otherwise = body(() => fusedAttention(g, inputs, scope, options));
  const outputs = otherwise.outputs.map(({ dtype, shape }) => ({ dtype, shape }));
  const [attended = query, key = query, value = query] = g.node(
    { operator: 'If', inputs: [single.applies], outputs, bodies: { then_branch: then, else_branch: otherwise } },
    scope,
  );
  return { attended, present: { key, value } };
}

/** The operator, on a past of floats. */
export function fusedAttention(
  g: GraphBuilder,
  { fused: [query, key, value] }: Pick<AttentionInputs, 'fused'>,
  scope: Scope,
  options: GroupedQueryAttentionOptions,
): Attended {
  const { heads, keyValueHeads, rotary, past } = options;
  const { storedSize, rotation } = layoutOf(options);
  const tables = rotation === 'inside' ? [rotary.cosines, rotary.sines] : [];
  const [batch = 1, length = 'S'] = query.shape;
  const cache = { dtype: 'float32', shape: [batch, keyValueHeads, 'capacity', storedSize] } as const;
  const [attended = query, presentKey = query, presentValue = query] = g.node(
    {
      operator: 'GroupQueryAttention',
      domain: CONTRIB,
      inputs: [query, key, value, past.key, past.value, options.lastPosition, options.totalLength, ...tables],
      outputs: [{ dtype: 'float32', shape: [batch, length, heads * storedSize] }, cache, cache],
      attributes: {
        num_heads: integer(heads),
        kv_num_heads: integer(keyValueHeads),
        scale: float(options.scale),
        do_rotary: integer(rotation === 'inside' ? 1 : 0),
        ...(options.softCap === null ? {} : { softcap: float(options.softCap) }),
        ...(options.window === null ? {} : { local_window_size: integer(options.window) }),
      },
    },
    scope,
  );
  return { attended, present: { key: presentKey, value: presentValue } };
}

export function layoutOf({ headSize, rotary }: GroupedQueryAttentionOptions): HeadLayout {
  return headLayout(headSize, sizeAt('rotary tables', rotary.cosines, 1) * 2);
}

/** The operator takes one packed tensor as it is, unless query and key need something done to them before. */
export function attentionInputs(
  g: GraphBuilder,
  projected: QueryKeyValue,
  scope: Scope,
  options: GroupedQueryAttentionOptions,
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

/** Index of the first new position, int64 `[1]`; the same for all layers. */
export function firstPosition(
  g: GraphBuilder,
  query: Value,
  scope: Scope,
  { totalLength }: GroupedQueryAttentionOptions,
): Value {
  const [start = query] = g.once('first new position', () => [
    g.sub(g.toInt64(totalLength, scope), g.sizeOf(query, 1, scope), scope),
  ]);
  return start;
}

function normedHeads(g: GraphBuilder, all: Heads, scope: Scope, options: GroupedQueryAttentionOptions): Heads {
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
  options: GroupedQueryAttentionOptions,
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
