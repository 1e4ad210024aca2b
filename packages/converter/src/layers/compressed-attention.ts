import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { attentionInputs, firstPosition, fusedAttention, layoutOf } from './grouped-query-attention.ts';
import type { GroupedQueryAttentionOptions, KeyValue } from './grouped-query-attention-options.ts';
import { cutHeads } from './pad-heads.ts';
import type { QueryKeyValue } from './query-key-value.ts';
import { attendByProducts, singlePosition } from './streamed-attention.ts';

/** Rows of whole numbers, int8 `[1, K, capacity, h]`, and what each row is multiplied with, `[1, K, capacity, 1]`. */
export type CompressedRows = { readonly codes: Value; readonly scales: Value };

/** Keys and values of all positions so far. */
export type CompressedKeyValue = { readonly key: CompressedRows; readonly value: CompressedRows };

/** Codes go from -127 to 127. */
const LARGEST_CODE = 127;

/** Rows of nothing but zeros get this as their largest number, so that nothing is divided by zero. */
const SMALLEST = 1e-30;

/**
 * As `groupedQueryAttention`, over a cache with 8 bits per number: every row of every head is rounded to whole numbers
 * with the row's largest at 127. One new position attends by products with the codes; several take the operator, over
 * floats that are computed from the codes for the run. New rows are not rounded for each other then.
 */
export function compressedAttention(
  g: GraphBuilder,
  projected: QueryKeyValue,
  scope: Scope,
  { past, ...rest }: Omit<GroupedQueryAttentionOptions, 'past'> & { readonly past: CompressedKeyValue },
): { readonly attended: Value; readonly present: CompressedKeyValue } {
  const options = { ...rest, past: { key: past.key.codes, value: past.value.codes } };
  const { heads, headSize, keyValueHeads } = options;
  const { storedSize } = layoutOf(options);
  const inputs = attentionInputs(g, projected, scope, options);
  const [query] = inputs.fused;
  const start = firstPosition(g, query, scope, options);
  const rotated = inputs.rotated(start);
  const [newPositions = query] = g.once('new positions', () => [g.sizeOf(query, 1, scope)]);
  const { applies, bias } = singlePosition(g, newPositions, 1, scope, options);
  const places = rowPlaces(g, start, scope, options);
  const rows = (x: Value) => g.transpose(g.reshape(x, [1, 'S', keyValueHeads, storedSize], scope), [0, 2, 1, 3], scope);
  const present = {
    key: appended(g, past.key, places, rows(rotated.key), scope),
    value: appended(g, past.value, places, rows(rotated.value), scope),
  };
  const codes = { key: present.key.codes, value: present.value.codes };
  const scales = { key: present.key.scales, value: present.value.scales };
  const then = g.body([], scope, () => {
    const floats = { key: asFloats(g, codes.key, scope), value: asFloats(g, codes.value, scope) };
    return [attendByProducts(g, rotated.query, floats, scales, scope, { ...options, bias })];
  });
  const otherwise = g.body([], scope, () => {
    const floats: KeyValue = {
      key: g.mul(asFloats(g, codes.key, scope), scales.key, scope),
      value: g.mul(asFloats(g, codes.value, scope), scales.value, scope),
    };
    return [fusedAttention(g, inputs, scope, { ...options, past: floats }).attended];
  });
  const outputs = otherwise.outputs.map(({ dtype, shape }) => ({ dtype, shape }));
  const attended = g.single(
    { operator: 'If', inputs: [applies], outputs, bodies: { then_branch: then, else_branch: otherwise } },
    scope,
  );
  return { attended: cutHeads(g, attended, scope, { heads, headSize, storedSize }), present };
}

/** Where the new rows of every head go, int64 `[1, K, S, 3]`. */
function rowPlaces(
  g: GraphBuilder,
  start: Value,
  scope: Scope,
  { keyValueHeads, totalLength }: Pick<GroupedQueryAttentionOptions, 'keyValueHeads' | 'totalLength'>,
): Value {
  const [places = start] = g.once(`places of new rows of ${keyValueHeads} heads`, () => {
    const scalar = (x: Value) => g.reshape(x, [], scope);
    const positions = g.single(
      {
        operator: 'Range',
        inputs: [scalar(start), scalar(g.toInt64(totalLength, scope)), scalar(g.integers([1]))],
        outputs: [{ dtype: 'int64', shape: ['S'] }],
      },
      scope,
    );
    const heads = Array.from({ length: keyValueHeads }, (_, head) => head);
    const ofHead = g.reshape(g.integers(heads.flatMap((head) => [0, head, 0])), [1, keyValueHeads, 1, 3], scope);
    const onlyLast = g.reshape(g.integers([0, 0, 1]), [1, 1, 1, 3], scope);
    return [g.add(ofHead, g.mul(g.reshape(positions, [1, 1, 'S', 1], scope), onlyLast, scope), scope)];
  });
  return places;
}

/** Rounds rows `[1, K, S, h]` and puts them where they belong. */
function appended(g: GraphBuilder, past: CompressedRows, places: Value, rows: Value, scope: Scope): CompressedRows {
  const keyValueHeads = sizeAt(scope.path('rows'), rows, 1);
  const isBelow = g.relu(g.negated(rows, scope), scope);
  const sizes = g.add(g.relu(rows, scope), isBelow, scope); // one of the two is 0
  const largest = g.reshape(g.max(sizes, scope), [1, keyValueHeads, 'S', 1], scope);
  const scales = g.mul(g.add(largest, g.floats([SMALLEST]), scope), g.floats([1 / LARGEST_CODE]), scope);
  const whole = g.single(
    { operator: 'Round', inputs: [g.div(rows, scales, scope)], outputs: [{ dtype: 'float32', shape: rows.shape }] },
    scope,
  );
  const codes = g.single(
    {
      operator: 'Cast',
      inputs: [whole],
      outputs: [{ dtype: 'int8', shape: rows.shape }],
      attributes: { to: integer(3) },
    },
    scope,
  );
  return {
    codes: scattered(g, past.codes, places, codes, scope),
    scales: scattered(g, past.scales, places, scales, scope),
  };
}

function scattered(g: GraphBuilder, cache: Value, places: Value, rows: Value, scope: Scope): Value {
  const shape = cache.shape.map((dim, axis) => (axis === 2 ? 'capacity' : dim));
  return g.single(
    { operator: 'ScatterND', inputs: [cache, places, rows], outputs: [{ dtype: cache.dtype, shape }] },
    scope,
  );
}

function asFloats(g: GraphBuilder, codes: Value, scope: Scope): Value {
  const outputs = [{ dtype: 'float32', shape: codes.shape }] as const;
  return g.single({ operator: 'Cast', inputs: [codes], outputs, attributes: { to: integer(1) } }, scope);
}
