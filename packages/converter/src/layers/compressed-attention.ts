import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { attentionInputs, firstPosition, layoutOf } from './attention-inputs.ts';
import { rowPlaces, withRows } from './cached-rows.ts';
import { either } from './either.ts';
import { fusedAttention } from './fused-attention.ts';
import type { GroupedQueryAttentionOptions, KeyValue } from './grouped-query-attention-options.ts';
import { cutHeads } from './pad-heads.ts';
import type { QueryKeyValue } from './query-key-value.ts';
import { rowScales } from './row-scales.ts';
import { isSinglePosition, positionsSoFar, visiblePositions } from './single-position.ts';
import { attendByProducts } from './streamed-attention.ts';

/** Rows of whole numbers, int8 `[1, K, capacity, h]`, and what each row is multiplied with, `[1, K, capacity, 1]`. */
export type CompressedRows = { readonly codes: Value; readonly scales: Value };

/** Keys and values of all positions so far. */
export type CompressedKeyValue = { readonly key: CompressedRows; readonly value: CompressedRows };

/**
 * As `groupedQueryAttention`, over a cache with 8 bits per number: every row of every head is rounded to whole numbers
 * with the row's largest at 127. One new position attends by products with the codes; several take the operator, over
 * floats that are computed from the codes for the run. New rows are not rounded for each other then.
 */
export function compressedAttention(
  g: GraphBuilder,
  projected: QueryKeyValue,
  scope: Scope,
  options: Omit<GroupedQueryAttentionOptions, 'past'> & { readonly past: CompressedKeyValue },
): { readonly attended: Value; readonly present: CompressedKeyValue } {
  const { heads, headSize, keyValueHeads, past } = options;
  const { storedSize } = layoutOf(options);
  const inputs = attentionInputs(g, projected, scope, options);
  const [query] = inputs.fused;
  const start = firstPosition(g, query, scope, options);
  const rotated = inputs.rotated(start);
  const applies = isSinglePosition(g, query, 1, scope, options);
  const bias = visiblePositions(g, past.key.codes, scope, options);
  const places = rowPlaces(g, newPositions(g, start, scope, options), scope, keyValueHeads);
  const rows = (x: Value) => g.transpose(g.reshape(x, [1, 'S', keyValueHeads, storedSize], scope), [0, 2, 1, 3], scope);
  const present = {
    key: appended(g, past.key, places, rows(rotated.key), scope),
    value: appended(g, past.value, places, rows(rotated.value), scope),
  };
  const scales = { key: present.key.scales, value: present.value.scales };
  const codesAsFloats = (): KeyValue => ({
    key: g.codesToFloat32(present.key.codes, scope),
    value: g.codesToFloat32(present.value.codes, scope),
  });
  const [attended = query] = either(
    g,
    applies,
    scope,
    () => [attendByProducts(g, rotated.query, codesAsFloats(), scales, scope, { ...options, bias })],
    () => {
      const { key, value } = codesAsFloats();
      const floats = { key: g.mul(key, scales.key, scope), value: g.mul(value, scales.value, scope) };
      return [fusedAttention(g, inputs, scope, { ...options, past: floats }).attended];
    },
  );
  return { attended: cutHeads(g, attended, scope, { heads, headSize, storedSize }), present };
}

/** Indices of the new positions, int64 `[1, 1, S, 1]`; the same for all layers. */
function newPositions(
  g: GraphBuilder,
  start: Value,
  scope: Scope,
  options: Pick<GroupedQueryAttentionOptions, 'lastPosition' | 'totalLength'>,
): Value {
  const [positions = start] = g.once('indices of new positions', () => {
    const { total } = positionsSoFar(g, scope, options);
    const scalar = (x: Value) => g.reshape(x, [], scope);
    const range = g.single(
      {
        operator: 'Range',
        inputs: [scalar(start), scalar(total), scalar(g.integers([1]))],
        outputs: [{ dtype: 'int64', shape: ['S'] }],
      },
      scope,
    );
    return [g.reshape(range, [1, 1, 'S', 1], scope)];
  });
  return positions;
}

/** Rounds rows `[1, K, S, h]` and puts them where they belong. */
function appended(g: GraphBuilder, past: CompressedRows, places: Value, rows: Value, scope: Scope): CompressedRows {
  const scales = rowScales(g, rows, scope);
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
    codes: withRows(g, past.codes, places, codes, scope),
    scales: withRows(g, past.scales, places, scales, scope),
  };
}
