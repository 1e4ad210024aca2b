import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { linear } from './linear.ts';

/** Sizes and activation of {@link mlp}. */
export type MlpOptions = {
  /** `F`. */
  readonly feedForwardSize: number;
  /** GELU by tanh (SigLIP), or `x * sigmoid(1.702 x)` (CLIP). */
  readonly activation: 'gelu' | 'quickGelu';
};

/** Feed-forward of CLIP and SigLIP: `fc2(activation(fc1(x)))`, with biases. `x` and the result are `[B, P, d]`. */
export function mlp(g: GraphBuilder, x: Value, scope: Scope, { feedForwardSize, activation }: MlpOptions): Value {
  const outputs = sizeAt(scope.path('mlp'), x, -1);
  const inner = linear(g, x, scope.child('fc1'), { outputs: feedForwardSize, bias: true }); // [B, P, F]
  return linear(g, g[activation](inner, scope), scope.child('fc2'), { outputs, bias: true }); // [B, P, d]
}
