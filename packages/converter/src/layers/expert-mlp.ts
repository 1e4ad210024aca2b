import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { product } from './product.ts';

/**
 * One expert: `down(silu(gate(x)) * up(x))`, with gate and up as one product, because an expert is small and a
 * model has thousands. `x` and the result are `[R, D]`.
 */
export function expertMlp(g: GraphBuilder, x: Value, scope: Scope, feedForwardSize: number): Value {
  const size = sizeAt(scope.path('expertMlp'), x, -1);
  const tensor = (name: string, shape: readonly number[]) => scope.child(name).tensor('weight', shape);
  const inner = ['gate_proj', 'up_proj'].map((name) => tensor(name, [feedForwardSize, size]));
  const gateUp = { op: 'concat', parts: inner } as const;
  const both = product(g, x, { weight: gateUp, axes: 'out-in', bias: null }, scope.child('gate_up_proj')); // [R, 2F]
  const [gate = both, up = both] = g.split(both, [feedForwardSize, feedForwardSize], scope);
  const down = tensor('down_proj', [size, feedForwardSize]);
  const gated = g.mul(g.silu(gate, scope), up, scope);
  return product(g, gated, { weight: down, axes: 'out-in', bias: null }, scope.child('down_proj')); // [R, D]
}
