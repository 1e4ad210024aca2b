import type { ExpertsConfig } from '../checkpoint/language-model-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { allExperts } from './all-experts.ts';
import { expertMlp } from './expert-mlp.ts';
import { gatedMlp } from './gated-mlp.ts';
import { linear } from './linear.ts';
import { loop } from './loop.ts';
import { routeToExperts } from './route-to-experts.ts';
import { switchCase } from './switch-case.ts';

/**
 * Feed-forward of experts: a router picks a few of them per position, and where the device can, only these are
 * computed. `x` and the result are `[1, S, D]`.
 *
 * ONNX Runtime's own `QMoE` is not used: on CPUs 1.30 decodes 4-bit experts 100 times slower than this, 8-bit ones
 * 5 times.
 */
export function sparseExperts(g: GraphBuilder, x: Value, scope: Scope, config: ExpertsConfig): Value {
  const size = sizeAt(scope.path('sparseExperts'), x, -1);
  const rows = g.reshape(x, ['S', size], scope); // [S, D]
  const fed = g.lowering.capabilities.experts === 'all' ? allExperts : routedExperts;
  const routed = g.reshape(fed(g, rows, scope, config), x.shape, scope);
  const { sharedFeedForwardSize } = config;
  if (sharedFeedForwardSize === null) return routed;
  return g.add(routed, sharedExpert(g, x, scope, sharedFeedForwardSize), scope);
}

/** Expert by expert, those that at least one position chose: `x [S, D]` to `[S, D]`. */
function routedExperts(g: GraphBuilder, x: Value, scope: Scope, config: ExpertsConfig): Value {
  const { count, chosen, feedForwardSize } = config;
  const size = sizeAt(scope.path('routedExperts'), x, 1);
  const routes = routeToExperts(g, x, scope.child('gate'), config);
  const experts = g.reshape(routes.experts, ['S*k'], scope);
  const weights = g.reshape(routes.weights, ['S*k', 1], scope);
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
