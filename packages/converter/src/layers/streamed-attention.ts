import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { dimAt, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { withRows } from './cached-rows.ts';
import type { Attended, GroupedQueryAttentionOptions, KeyValue } from './grouped-query-attention-options.ts';
import type { Heads } from './query-key-value.ts';
import { softCapped } from './soft-capped.ts';

/** Where a new row goes, and what may be seen. */
export type StreamedPosition = {
  /** int64 `[1, K, 1, 3]`, see `rowPlaces`. */
  readonly rows: Value;
  /** `[capacity]`, see `visiblePositions`. */
  readonly bias: Value;
};

/**
 * Attention of one position to a long past. The cache is read once per key/value head for all query heads that it
 * serves, as the left factor of a product, which is the one that ONNX Runtime multiplies where it lies; its own operator
 * reads the cache again for every query head. The new rows are scattered into the past, which costs nothing where past
 * and present are the same memory.
 *
 * @param heads - Rotated queries `[1, 1, H*h]`, keys and values `[1, 1, K*h]`, with heads as long as they are stored.
 * @returns What was attended to, `[1, S, H*h]`, and the keys and values that the next run starts from.
 */
export function streamedAttention(
  g: GraphBuilder,
  { query, key, value }: Heads,
  scope: Scope,
  { rows, bias }: StreamedPosition,
  options: Pick<GroupedQueryAttentionOptions, 'heads' | 'keyValueHeads' | 'scale' | 'softCap' | 'past'>,
): Attended {
  const { keyValueHeads, past } = options;
  const size = sizeAt(scope.path('streamed'), past.key, 3);
  const append = (cache: Value, row: Value) =>
    withRows(g, cache, rows, g.reshape(row, [1, keyValueHeads, 1, size], scope), scope);
  const present = { key: append(past.key, key), value: append(past.value, value) };
  return { attended: attendByProducts(g, query, present, null, scope, { bias, ...options }), present };
}

/**
 * Attention of one query position to keys and values `[1, K, capacity, h]`. Where these are codes, `scales`
 * `[1, K, capacity, 1]` belong to their rows: those of the keys are multiplied with scores, those of the values with weights.
 */
export function attendByProducts(
  g: GraphBuilder,
  query: Value,
  { key, value }: KeyValue,
  scales: KeyValue | null,
  scope: Scope,
  options: Pick<GroupedQueryAttentionOptions, 'heads' | 'keyValueHeads' | 'scale' | 'softCap'> &
    Pick<StreamedPosition, 'bias'>,
): Value {
  const { heads, keyValueHeads, scale, softCap, bias } = options;
  const [served, size] = [heads / keyValueHeads, sizeAt(scope.path('products'), key, 3)];
  const products = g.single(
    {
      operator: 'FusedMatMul',
      domain: CONTRIB,
      inputs: [key, g.reshape(query, [1, keyValueHeads, served, size], scope)],
      outputs: [{ dtype: 'float32', shape: [1, keyValueHeads, 'capacity', served] }],
      attributes: { transB: integer(1), alpha: float(scale) },
    },
    scope,
  );
  const scores = scales === null ? products : g.mul(products, scales.key, scope);
  const capped = softCapped(g, scores, softCap, scope);
  const weights = g.softmax(g.add(g.transpose(capped, [0, 1, 3, 2], scope), bias, scope), scope); // [1, K, H/K, capacity]
  const scaled =
    scales === null
      ? weights
      : g.mul(weights, g.reshape(scales.value, [1, keyValueHeads, 1, 'capacity'], scope), scope);
  const attended = g.single(
    {
      operator: 'MatMul',
      inputs: [scaled, value],
      outputs: [{ dtype: 'float32', shape: [1, keyValueHeads, served, size] }],
    },
    scope,
  );
  return g.reshape(attended, [1, dimAt(scope.path('products'), query, 1), heads * size], scope);
}
