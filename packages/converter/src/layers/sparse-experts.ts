import type { ExpertsConfig } from '../checkpoint/language-model-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { expertMlp } from './expert-mlp.ts';
import { gatedMlp } from './gated-mlp.ts';
import { linear } from './linear.ts';
import { loop } from './loop.ts';
import { switchCase } from './switch-case.ts';
import { vector } from './vector.ts';

/**
 * Feed-forward of experts: a router picks a few of them per position, and only these are computed. `x` and the
 * result are `[1, S, D]`.
 *
 * ONNX Runtime's own `QMoE` is not used: on CPUs 1.30 decodes 4-bit experts 100 times slower than this, 8-bit ones
 * 5 times.
 */
export function sparseExperts(g: GraphBuilder, x: Value, scope: Scope, config: ExpertsConfig): Value {
  const size = sizeAt(scope.path('sparseExperts'), x, -1);
  const rows = g.reshape(x, ['S', size], scope); // [S, D]
  const routed = g.reshape(routedExperts(g, rows, scope, config), x.shape, scope);
  const { sharedFeedForwardSize } = config;
  if (sharedFeedForwardSize === null) return routed;
  return g.add(routed, sharedExpert(g, x, scope, sharedFeedForwardSize), scope);
}

/** Expert by expert, those that at least one position chose: `x [S, D]` to `[S, D]`. */
function routedExperts(g: GraphBuilder, x: Value, scope: Scope, config: ExpertsConfig): Value {
  const { count, chosen, feedForwardSize } = config;
  const size = sizeAt(scope.path('routedExperts'), x, 1);
  const { experts, weights } = route(g, x, scope.child('gate'), config); // [S*k] and [S*k, 1]
  const distinct = g.single(
    { operator: 'Unique', inputs: [experts], outputs: [{ dtype: 'int64', shape: ['u'] }] },
    scope,
  );
  return loop(g, g.sizeOf(distinct, 0, scope), zerosLike(g, x, scope), scope, (step, sum) => {
    const expert = g.gather(distinct, step, 0, scope); // [1]
    const slots = g.positionsOf(g.equal(experts, expert, scope), 'R', scope); // [R]
    const positions = g.div(slots, g.integers([chosen]), scope); // [R]
    const rows = g.gather(x, positions, 0, scope); // [R, D]
    const output = { dtype: 'float32', shape: ['R', size] } as const;
    const fed = switchCase(g, expert, count, output, scope, (index) =>
      expertMlp(g, rows, scope.child('experts').child(String(index)), feedForwardSize),
    );
    const weighted = g.mul(fed, g.gather(weights, slots, 0, scope), scope); // [R, D]
    return g.scatterAdd(sum, g.reshape(positions, ['R', 1], scope), weighted, scope);
  });
}

/** The experts of each position, and what their results are multiplied with, position after position. */
function route(g: GraphBuilder, x: Value, scope: Scope, { count, chosen, renormalise }: ExpertsConfig) {
  const size = sizeAt(scope.path('route'), x, 1);
  // In float32 whatever the dtype of its part: a rounded score may choose another expert.
  const router = vector(g, scope.tensor('weight', [count, size]), scope, 'weight');
  const probabilities = g.softmax(g.matMulTransposed(x, router, scope), scope); // [S, E]
  const { values, indices } = g.topK(probabilities, chosen, scope); // [S, k]
  const whole = renormalise ? g.reshape(g.sum(values, scope), ['S', 1], scope) : null;
  const weights = whole === null ? values : g.div(values, whole, scope);
  return {
    experts: g.reshape(indices, ['S*k'], scope),
    weights: g.reshape(weights, ['S*k', 1], scope),
  };
}

function zerosLike(g: GraphBuilder, x: Value, scope: Scope): Value {
  const shape = g.single(
    { operator: 'Shape', inputs: [x], outputs: [{ dtype: 'int64', shape: [x.shape.length] }] },
    scope,
  );
  return g.single(
    { operator: 'ConstantOfShape', inputs: [shape], outputs: [{ dtype: 'float32', shape: x.shape }] },
    scope,
  );
}

/** The expert of every position, with a gate of its own. */
function sharedExpert(g: GraphBuilder, x: Value, scope: Scope, feedForwardSize: number): Value {
  const names = { gate: 'gate_proj', up: 'up_proj', down: 'down_proj' } as const;
  const fed = gatedMlp(g, x, scope.child('shared_expert'), { ...names, feedForwardSize, bias: false });
  const gate = linear(g, x, scope.child('shared_expert_gate'), { outputs: 1, bias: false });
  return g.mul(fed, g.sigmoid(gate, scope), scope);
}
