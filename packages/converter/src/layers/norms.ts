import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';
import { vector } from './vector.ts';

/**
 * `x / rms(x) * weight` over the last axis. `x` and the result have the same shape.
 *
 * @param offset - What is added to the stored weight: 1 where a checkpoint holds `w` and means `1 + w`.
 */
export function rmsNorm(g: GraphBuilder, x: Value, scope: Scope, epsilon: number, offset: 0 | 1 = 0): Value {
  const size = sizeAt(scope.path('rmsNorm'), x, -1);
  const stored = scope.tensor('weight', [size]);
  const weight: WeightExpression = offset === 0 ? stored : { op: 'add', of: stored, value: offset };
  return norm(g, 'SimplifiedLayerNormalization', x, scope, epsilon, { weight });
}

/** `(x - mean) / std * weight + bias` over the last axis. `x` and the result have the same shape. */
export function layerNorm(g: GraphBuilder, x: Value, scope: Scope, epsilon: number): Value {
  const size = sizeAt(scope.path('layerNorm'), x, -1);
  const tensors = { weight: scope.tensor('weight', [size]), bias: scope.tensor('bias', [size]) };
  return norm(g, 'LayerNormalization', x, scope, epsilon, tensors);
}

/** `x / sqrt(sum(x * x) + epsilon)` over the last axis: an RMSNorm whose weight is the root of the length. */
export function unitNorm(g: GraphBuilder, x: Value, scope: Scope, epsilon: number): Value {
  const size = sizeAt(scope.path('unitNorm'), x, -1);
  const data = new Float32Array(size).fill(size ** -0.5);
  const weight = { op: 'values', shape: [size], data } as const;
  return norm(g, 'SimplifiedLayerNormalization', x, scope, epsilon / size, { weight });
}

/** RMSNorm of every head by itself. `x` and the result are `[B, S, heads*h]`, the weight is `[h]`. */
export function headNorm(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  { heads, epsilon, offset = 0 }: { readonly heads: number; readonly epsilon: number; readonly offset?: 0 | 1 },
): Value {
  return perHead(g, x, scope, heads, (apart) => rmsNorm(g, apart, scope, epsilon, offset));
}

/** {@link unitNorm} of every head by itself. `x` and the result are `[B, S, heads*h]`. */
export function headUnitNorm(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  { heads, epsilon }: { readonly heads: number; readonly epsilon: number },
): Value {
  return perHead(g, x, scope, heads, (apart) => unitNorm(g, apart, scope, epsilon));
}

function perHead(g: GraphBuilder, x: Value, scope: Scope, heads: number, normed: (apart: Value) => Value): Value {
  const headSize = sizeAt(scope.path('perHead'), x, -1) / heads;
  const apart = g.reshape(x, [...x.shape.slice(0, -1), heads, headSize], scope); // [B, S, heads, h]
  return g.reshape(normed(apart), x.shape, scope); // [B, S, heads*h]
}

/** ONNX Runtime keeps SimplifiedLayerNormalization in ONNX's own domain. Statistics are float32. */
function norm(
  g: GraphBuilder,
  operator: string,
  x: Value,
  scope: Scope,
  epsilon: number,
  weights: Readonly<Record<string, WeightExpression>>,
): Value {
  const inputs = [x, ...Object.entries(weights).map(([name, weight]) => vector(g, weight, scope, name))];
  const attributes = { axis: integer(-1), epsilon: float(epsilon), stash_type: integer(1) };
  return g.single({ operator, inputs, outputs: [{ dtype: x.dtype, shape: x.shape }], attributes }, scope);
}
