import type { ExpertsConfig } from '../checkpoint/language-model-config.ts';
import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';
import { product } from './product.ts';
import { routeToExperts, type ExpertRoutes } from './route-to-experts.ts';

/**
 * What the chosen experts of each position give, without control flow: one feed-forward as wide as all experts together,
 * whose inside is multiplied with the weight of each expert, 0 for those that a position did not choose. `x` and the
 * result are `[S, D]`.
 *
 * It reads every weight for every position. A graphics device has the bandwidth for that sooner than the patience to
 * wait for the processor, which would have to tell it after each router what to do next.
 */
export function allExperts(g: GraphBuilder, x: Value, scope: Scope, config: ExpertsConfig): Value {
  const { count, feedForwardSize } = config;
  const size = sizeAt(scope.path('allExperts'), x, 1);
  const experts = Array.from({ length: count }, (_, index) => scope.child('experts').child(String(index)));
  const tensors = (name: string, shape: readonly number[]): readonly WeightExpression[] =>
    experts.map((expert) => expert.child(name).tensor('weight', shape));
  const inner = (name: string): Value => {
    const weight = { op: 'concat', parts: tensors(name, [feedForwardSize, size]) } as const;
    return product(g, x, { weight, axes: 'out-in', bias: null }, scope.child(`all_${name}`)); // [S, E*F]
  };
  const gated = g.mul(g.silu(inner('gate_proj'), scope), inner('up_proj'), scope);
  const apart = g.reshape(gated, ['S', count, feedForwardSize], scope);
  const weights = g.reshape(
    weightPerExpert(g, routeToExperts(g, x, scope.child('gate'), config), scope),
    ['S', count, 1],
    scope,
  );
  const weighted = g.reshape(g.mul(apart, weights, scope), ['S', count * feedForwardSize], scope);
  const down = { op: 'beside', parts: tensors('down_proj', [size, feedForwardSize]) } as const;
  return product(g, weighted, { weight: down, axes: 'out-in', bias: null }, scope.child('all_down_proj'));
}

/** Weights of the chosen experts in their places, 0 in the others, `[S, E]`. */
function weightPerExpert(g: GraphBuilder, { probabilities, experts, weights }: ExpertRoutes, scope: Scope): Value {
  const none = g.mul(probabilities, g.floats([0]), scope);
  const outputs = [{ dtype: 'float32', shape: probabilities.shape }] as const;
  const inputs = [none, experts, weights];
  return g.single({ operator: 'ScatterElements', inputs, outputs, attributes: { axis: integer(1) } }, scope);
}
