import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

const number = { dtype: 'int64', shape: [] } as const;
const condition = { dtype: 'bool', shape: [] } as const;

/**
 * Runs `build` `count` times, each time on what the last one gave.
 *
 * @param count - int64 `[1]`.
 * @param start - What the first run gets, and the result where `count` is 0.
 * @param build - Gets the number of the run (int64 `[1]`, from 0) and the last result; gives the next.
 */
export function loop(
  g: GraphBuilder,
  count: Value,
  start: Value,
  scope: Scope,
  build: (step: Value, last: Value) => Value,
): Value {
  const carried = { dtype: start.dtype, shape: start.shape };
  const body = g.body([number, condition, carried], scope, (step = count, goOn = count, last = start) => {
    const result = build(g.reshape(step, [1], scope), last);
    const stillOn = g.single({ operator: 'Identity', inputs: [goOn], outputs: [condition] }, scope);
    return [stillOn, result];
  });
  const times = g.reshape(count, [], scope);
  return g.single({ operator: 'Loop', inputs: [times, null, start], outputs: [carried], bodies: { body } }, scope);
}
