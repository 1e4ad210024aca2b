import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { linear } from './linear.ts';

/** Feed-forward of SigLIP: `fc2(gelu_tanh(fc1(x)))`, with biases. `x` and the result are `[B, P, d]`. */
export function mlp(g: GraphBuilder, x: Value, scope: Scope, feedForwardSize: number): Value {
  const outputs = sizeAt(scope.path('mlp'), x, -1);
  const inner = linear(g, x, scope.child('fc1'), { outputs: feedForwardSize, bias: true }); // [B, P, F]
  return linear(g, g.gelu(inner, scope), scope.child('fc2'), { outputs, bias: true }); // [B, P, d]
}
