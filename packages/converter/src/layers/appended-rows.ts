import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { firstPosition } from './attention-inputs.ts';
import type { GroupedQueryAttentionOptions } from './grouped-query-attention-options.ts';
import { positionsSoFar } from './single-position.ts';

/**
 * The part of `present` that the positions of this run have appended.
 *
 * @param present - State whose axis `axis` is `capacity` long.
 * @param x - Anything of this run, `[1, S, ...]`.
 * @returns The same with `S` instead of `capacity`.
 */
export function appendedRows(
  g: GraphBuilder,
  present: Value,
  axis: number,
  x: Value,
  scope: Scope,
  positions: Pick<GroupedQueryAttentionOptions, 'lastPosition' | 'totalLength'>,
): Value {
  const start = firstPosition(g, x, scope, positions);
  const { total } = positionsSoFar(g, scope, positions);
  const shape = present.shape.map((dim, index) => (index === axis ? 'S' : dim));
  const inputs = [present, start, total, g.integers([axis])];
  return g.single({ operator: 'Slice', inputs, outputs: [{ dtype: present.dtype, shape }] }, scope);
}
