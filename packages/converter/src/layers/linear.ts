import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { product } from './product.ts';

/** What the checkpoint's tensors do not tell by themselves. */
export type LinearOptions = {
  /** Size of the result's last axis. */
  readonly outputs: number;
  readonly bias: boolean;
};

/** Linear layer: `x [..., in]` to `[..., out]` by `weight [out, in]` and, if there is one, `bias [out]`. */
export function linear(g: GraphBuilder, x: Value, scope: Scope, { outputs, bias }: LinearOptions): Value {
  const inputs = sizeAt(scope.path('linear'), x, -1);
  return product(
    g,
    x,
    {
      weight: scope.tensor('weight', [outputs, inputs]),
      axes: 'out-in',
      bias: bias ? scope.tensor('bias', [outputs]) : null,
    },
    scope,
  );
}
