import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { requireRank, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';

/**
 * Applies `body` to the rows of `x [V, F]` a chunk at a time, so that what is large inside never has more
 * than `limit` rows. Chunks are equally long, at most `limit`; the few rows that are missing for that are
 * zeros, whose results are cut off again.
 *
 * @param body - Gets `[rows, F]` and gives results by name, each `[rows, ...]`.
 * @returns The same results for all rows, `[V, ...]`.
 */
export function inChunks<Name>(
  g: GraphBuilder,
  x: Value,
  limit: number,
  scope: Scope,
  body: (rows: Value) => ReadonlyMap<Name, Value>,
): ReadonlyMap<Name, Value> {
  const { count, sequence } = cut(g, x, limit, scope);
  const names: Name[] = [];
  const recorded = g.body([{ dtype: x.dtype, shape: sequence.shape.slice(1) }], scope, (rows = x) => {
    const results = body(rows);
    names.push(...results.keys());
    return [...results.values()];
  });
  const stacked = g.node(
    {
      operator: 'Scan',
      inputs: [sequence],
      outputs: recorded.outputs.map(({ dtype, shape }) => ({ dtype, shape: ['chunks', ...shape] })),
      attributes: { num_scan_inputs: integer(1) },
      bodies: { body: recorded },
    },
    scope,
  );
  const results = stacked.map((result) => firstRows(g, result, count, scope));
  return new Map(names.flatMap((name, index) => results.slice(index, index + 1).map((result) => [name, result])));
}

/** `[V, F]` as `[chunks, rows, F]`, with zeros at the end. */
function cut(
  g: GraphBuilder,
  x: Value,
  limit: number,
  scope: Scope,
): { readonly count: Value; readonly sequence: Value } {
  requireRank(scope.path('inChunks'), x, 2);
  const width = sizeAt(scope.path('inChunks'), x, 1);
  const count = g.sizeOf(x, 0, scope);
  const chunks = ceilingOfQuotient(g, count, g.integers([limit]), scope);
  const rows = ceilingOfQuotient(g, count, chunks, scope);
  const missing = g.sub(g.mul(chunks, rows, scope), count, scope);
  const padding = joined(g, [g.integers([0, 0]), missing, g.integers([0])], scope);
  const padded = g.single(
    { operator: 'Pad', inputs: [x, padding], outputs: [{ dtype: x.dtype, shape: ['chunks*rows', width] }] },
    scope,
  );
  const shape = joined(g, [chunks, rows, g.integers([width])], scope);
  const outputs = [{ dtype: x.dtype, shape: ['chunks', 'rows', width] }];
  return { count, sequence: g.single({ operator: 'Reshape', inputs: [padded, shape], outputs }, scope) };
}

/** `[chunks, rows, ...]` as `[V, ...]`. */
function firstRows(g: GraphBuilder, stacked: Value, count: Value, scope: Scope): Value {
  const inner = stacked.shape.slice(2);
  const flat = g.reshape(stacked, ['chunks*rows', ...inner], scope);
  const outputs = [{ dtype: stacked.dtype, shape: ['V', ...inner] }];
  return g.single({ operator: 'Slice', inputs: [flat, g.integers([0]), count, g.integers([0])], outputs }, scope);
}

/** `a / b` of positive integers, rounded up. */
function ceilingOfQuotient(g: GraphBuilder, a: Value, b: Value, scope: Scope): Value {
  const most = g.sub(g.add(a, b, scope), g.integers([1]), scope);
  return g.single({ operator: 'Div', inputs: [most, b], outputs: [{ dtype: a.dtype, shape: a.shape }] }, scope);
}

/** int64 vectors, end to end. */
function joined(g: GraphBuilder, parts: readonly Value[], scope: Scope): Value {
  const length = parts.reduce((sum, part) => sum + sizeAt(scope.path('Concat'), part, 0), 0);
  const outputs = [{ dtype: 'int64', shape: [length] }] as const;
  return g.single({ operator: 'Concat', inputs: parts, outputs, attributes: { axis: integer(0) } }, scope);
}
