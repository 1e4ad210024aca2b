import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { dimAt, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import type { GroupedQueryAttentionOptions, KeyValue } from './grouped-query-attention-options.ts';
import type { Heads } from './query-key-value.ts';

/** Added to scores of positions that are not attended to: their weight becomes exactly 0. */
const NEVER = -1e30;

/** What the attention of one position needs, the same for all layers. */
export type SinglePosition = {
  /** bool `[1]`: whether there is one new position, after at least as many as make {@link streamedAttention} pay. */
  readonly applies: Value;
  /** Where every head's new row goes, int64 `[1, K, 1, 3]`. */
  readonly rows: Value;
  /** What is added to the scores of all positions that there is room for, `[capacity]`. */
  readonly bias: Value;
};

/** Records {@link SinglePosition} in front of the branches that use it; layers of one kind share it. */
export function singlePosition(
  g: GraphBuilder,
  newPositions: Value,
  from: number,
  scope: Scope,
  { keyValueHeads, lastPosition, totalLength, past, window }: GroupedQueryAttentionOptions,
): SinglePosition {
  const [total, last] = g.once('positions', () => [g.toInt64(totalLength, scope), g.toInt64(lastPosition, scope)]);
  if (total === undefined || last === undefined) throw new TypeError('A memo gave less than was put into it.');
  const [applies = total] = g.once(`single position from ${from}`, () => {
    const isOne = g.equal(newPositions, g.integers([1]), scope);
    const isFar = g.single(
      { operator: 'GreaterOrEqual', inputs: [total, g.integers([from])], outputs: [{ dtype: 'bool', shape: [1] }] },
      scope,
    );
    return [g.single({ operator: 'And', inputs: [isOne, isFar], outputs: [{ dtype: 'bool', shape: [1] }] }, scope)];
  });
  const [rows = total] = g.once(`rows of ${keyValueHeads} heads`, () => {
    const heads = Array.from({ length: keyValueHeads }, (_, head) => head);
    const places = g.reshape(g.integers(heads.flatMap((head) => [0, head, 0])), [1, keyValueHeads, 1, 3], scope);
    const onlyLast = g.reshape(g.integers([0, 0, 1]), [1, 1, 1, 3], scope);
    return [g.add(places, g.mul(onlyLast, last, scope), scope)];
  });
  const [bias = total] = g.once(`visible positions of ${String(window)}`, () => [
    biasOf(g, scope, { capacity: g.sizeOf(past.key, 2, scope), total, last, window }),
  ]);
  return { applies, rows, bias };
}

/** 0 for positions up to the last, at most `window` of them; {@link NEVER} for the others. */
function biasOf(
  g: GraphBuilder,
  scope: Scope,
  positions: { readonly capacity: Value; readonly total: Value; readonly last: Value; readonly window: number | null },
): Value {
  const { capacity, total, last, window } = positions;
  const scalar = (value: number) => g.reshape(g.integers([value]), [], scope);
  const all = g.single(
    {
      operator: 'Range',
      inputs: [scalar(0), g.reshape(capacity, [], scope), scalar(1)],
      outputs: [{ dtype: 'int64', shape: ['capacity'] }],
    },
    scope,
  );
  const compare = (operator: string, left: Value, right: Value) =>
    g.single({ operator, inputs: [left, right], outputs: [{ dtype: 'bool', shape: ['capacity'] }] }, scope);
  const isKnown = compare('Less', all, total);
  const isSeen =
    window === null
      ? isKnown
      : compare('And', isKnown, compare('Greater', all, g.sub(last, g.integers([window]), scope)));
  const inputs = [isSeen, g.floats([0]), g.floats([NEVER])];
  return g.single({ operator: 'Where', inputs, outputs: [{ dtype: 'float32', shape: ['capacity'] }] }, scope);
}

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
  { rows, bias }: SinglePosition,
  options: Pick<GroupedQueryAttentionOptions, 'heads' | 'keyValueHeads' | 'scale' | 'softCap' | 'past'>,
): { readonly attended: Value; readonly present: KeyValue } {
  const { keyValueHeads, past } = options;
  const size = sizeAt(scope.path('streamed'), past.key, 3);
  const append = (cache: Value, row: Value): Value => {
    const update = g.reshape(row, [1, keyValueHeads, 1, size], scope);
    const outputs = [{ dtype: 'float32', shape: [1, keyValueHeads, 'capacity', size] }] as const;
    return g.single({ operator: 'ScatterND', inputs: [cache, rows, update], outputs }, scope);
  };
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
    Pick<SinglePosition, 'bias'>,
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
  const capped = softCap === null ? scores : cappedAt(g, scores, softCap, scope);
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

/** `cap * tanh(x / cap)`. */
function cappedAt(g: GraphBuilder, x: Value, cap: number, scope: Scope): Value {
  return g.mul(g.tanh(g.mul(x, g.floats([1 / cap]), scope), scope), g.floats([cap]), scope);
}
