import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

/**
 * Where the rows of `positions` (int64 `[1]` or `[1, 1, S, 1]`) go in a cache `[1, K, capacity, h]`, int64 `[1, K, S, 3]`;
 * the same for all layers of so many heads.
 */
export function rowPlaces(g: GraphBuilder, positions: Value, scope: Scope, keyValueHeads: number): Value {
  const [rows = positions] = g.once(`rows ${positions.name} of ${keyValueHeads} heads`, () => {
    const heads = Array.from({ length: keyValueHeads }, (_, head) => head);
    const ofHead = g.reshape(g.integers(heads.flatMap((head) => [0, head, 0])), [1, keyValueHeads, 1, 3], scope);
    const onlyLast = g.reshape(g.integers([0, 0, 1]), [1, 1, 1, 3], scope);
    return [g.add(ofHead, g.mul(onlyLast, positions, scope), scope)];
  });
  return rows;
}

/** A cache with new rows `[1, K, S, h]` in their places; costs nothing else where past and present are the same memory. */
export function withRows(g: GraphBuilder, cache: Value, places: Value, rows: Value, scope: Scope): Value {
  const shape = cache.shape.map((dim, axis) => (axis === 2 ? 'capacity' : dim));
  return g.single(
    { operator: 'ScatterND', inputs: [cache, places, rows], outputs: [{ dtype: cache.dtype, shape }] },
    scope,
  );
}
