import type { TensorSpec } from '@ovis/core';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { RecordedBody } from '../graph/recorded-node.ts';
import type { Scope } from '../graph/scope.ts';
import { mismatch } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';

/**
 * Computes one of `count` cases and leaves the others alone, with their weights: a tree of conditions, because
 * ONNX has no switch.
 *
 * @param index - Which case, int64 `[1]`, from 0.
 * @param output - What every case gives.
 * @param build - Records one case; weights that it registers belong to it alone.
 */
export function switchCase(
  g: GraphBuilder,
  index: Value,
  count: number,
  output: TensorSpec,
  scope: Scope,
  build: (index: number) => Value,
): Value {
  /** Cases `from` to `to`, exclusive. */
  const choose = (from: number, to: number): Value => {
    if (to - from === 1) return build(from);
    const middle = Math.ceil((from + to) / 2);
    const branch = (start: number, end: number): RecordedBody => g.body([], scope, () => [choose(start, end)]);
    const isBelow = g.single(
      { operator: 'Less', inputs: [index, g.integers([middle])], outputs: [{ dtype: 'bool', shape: [1] }] },
      scope,
    );
    return g.single(
      {
        operator: 'If',
        inputs: [isBelow],
        outputs: [output],
        bodies: { then_branch: branch(from, middle), else_branch: branch(middle, to) },
      },
      scope,
    );
  };
  if (!Number.isInteger(count) || count < 1) mismatch(scope.path('switchCase'), 'at least one case', String(count));
  return choose(0, count);
}
