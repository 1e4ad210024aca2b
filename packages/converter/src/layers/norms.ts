import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { vector } from './vector.ts';

/** `x / rms(x) * weight` over the last axis. `x` and the result have the same shape. */
export function rmsNorm(g: GraphBuilder, x: Value, scope: Scope, epsilon: number): Value {
  return norm(g, 'SimplifiedLayerNormalization', x, scope, epsilon, ['weight']);
}

/** `(x - mean) / std * weight + bias` over the last axis. `x` and the result have the same shape. */
export function layerNorm(g: GraphBuilder, x: Value, scope: Scope, epsilon: number): Value {
  return norm(g, 'LayerNormalization', x, scope, epsilon, ['weight', 'bias']);
}

/** RMSNorm of every head by itself. `x` and the result are `[B, S, heads*h]`, the weight is `[h]`. */
export function headNorm(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  { heads, epsilon }: { readonly heads: number; readonly epsilon: number },
): Value {
  const headSize = sizeAt(scope.path('headNorm'), x, -1) / heads;
  const apart = g.reshape(x, [...x.shape.slice(0, -1), heads, headSize], scope); // [B, S, heads, h]
  return g.reshape(rmsNorm(g, apart, scope, epsilon), x.shape, scope); // [B, S, heads*h]
}

/** ONNX Runtime keeps SimplifiedLayerNormalization in ONNX's own domain. Statistics are float32. */
function norm(
  g: GraphBuilder,
  operator: string,
  x: Value,
  scope: Scope,
  epsilon: number,
  weights: readonly string[],
): Value {
  const size = sizeAt(scope.path(operator), x, -1);
  const inputs = [x, ...weights.map((name) => vector(g, scope.tensor(name, [size]), scope, name))];
  const attributes = { axis: integer(-1), epsilon: float(epsilon), stash_type: integer(1) };
  return g.single({ operator, inputs, outputs: [{ dtype: x.dtype, shape: x.shape }], attributes }, scope);
}
