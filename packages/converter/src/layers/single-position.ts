import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import type { GroupedQueryAttentionOptions } from './grouped-query-attention-options.ts';

/** Added to scores of positions that are not attended to: their weight becomes exactly 0. */
const NEVER = -1e30;

type Positions = Pick<GroupedQueryAttentionOptions, 'lastPosition' | 'totalLength'>;

/** The number of positions and the index of the last one, int64 `[1]`; the same for all layers. */
export function positionsSoFar(
  g: GraphBuilder,
  scope: Scope,
  { lastPosition, totalLength }: Positions,
): { readonly total: Value; readonly last: Value } {
  const [total, last] = g.once('positions', () => [g.toInt64(totalLength, scope), g.toInt64(lastPosition, scope)]);
  if (total === undefined || last === undefined) throw new TypeError('A memo gave less than was put into it.');
  return { total, last };
}

/** Whether there is one new position, and `from` positions or more with it; bool `[1]`, the same for all layers. */
export function isSinglePosition(
  g: GraphBuilder,
  query: Value,
  from: number,
  scope: Scope,
  positions: Positions,
): Value {
  const [newPositions = query] = g.once('new positions', () => [g.sizeOf(query, 1, scope)]);
  const { total } = positionsSoFar(g, scope, positions);
  const [applies = total] = g.once(`single position from ${from}`, () => {
    const isOne = g.equal(newPositions, g.integers([1]), scope);
    const isFar = g.single(
      { operator: 'GreaterOrEqual', inputs: [total, g.integers([from])], outputs: [{ dtype: 'bool', shape: [1] }] },
      scope,
    );
    return [g.single({ operator: 'And', inputs: [isOne, isFar], outputs: [{ dtype: 'bool', shape: [1] }] }, scope)];
  });
  return applies;
}

/**
 * What is added to the scores of all positions that `cache` has room for, `[capacity]`: 0 for those up to the last, at
 * most `window` of them, and {@link NEVER} for the others. The same for all layers of one kind.
 */
export function visiblePositions(
  g: GraphBuilder,
  cache: Value,
  scope: Scope,
  { window, ...positions }: Positions & Pick<GroupedQueryAttentionOptions, 'window'>,
): Value {
  const { total, last } = positionsSoFar(g, scope, positions);
  const [bias = total] = g.once(`visible positions of ${String(window)}`, () => {
    const capacity = g.sizeOf(cache, 2, scope);
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
    return [g.single({ operator: 'Where', inputs, outputs: [{ dtype: 'float32', shape: ['capacity'] }] }, scope)];
  });
  return bias;
}
