import type { ExpertsConfig } from '../checkpoint/language-model-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { vector } from './vector.ts';

/** Which experts the positions chose. */
export type ExpertRoutes = {
  /** What the router thinks of every expert, `[S, E]`. */
  readonly probabilities: Value;
  /** The chosen ones, int64 `[S, k]`. */
  readonly experts: Value;
  /** What their results are multiplied with, `[S, k]`. */
  readonly weights: Value;
};

/** The experts of each position of `x [S, D]`. */
export function routeToExperts(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  { count, chosen, renormalise }: ExpertsConfig,
): ExpertRoutes {
  const size = sizeAt(scope.path('route'), x, 1);
  // In float32 whatever the dtype of its part: a rounded score may choose another expert.
  const router = vector(g, scope.tensor('weight', [count, size]), scope, 'weight');
  const probabilities = g.softmax(g.matMulTransposed(x, router, scope), scope); // [S, E]
  const { values, indices } = g.topK(probabilities, chosen, scope); // [S, k]
  const whole = renormalise ? g.reshape(g.sum(values, scope), ['S', 1], scope) : null;
  return { probabilities, experts: indices, weights: whole === null ? values : g.div(values, whole, scope) };
}
