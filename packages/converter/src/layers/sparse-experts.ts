import type { ExpertsConfig } from '../checkpoint/language-model-config.ts';
import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';
import { gatedMlp } from './gated-mlp.ts';
import { linear } from './linear.ts';
import { vector } from './vector.ts';

/**
 * Feed-forward of experts: a router picks a few of them per position, and only these are computed. `x` and the
 * result are `[1, S, D]`.
 */
export function sparseExperts(g: GraphBuilder, x: Value, scope: Scope, config: ExpertsConfig): Value {
  const size = sizeAt(scope.path('sparseExperts'), x, -1);
  const rows = g.reshape(x, ['S', size], scope); // [S, D]
  const router = scope.child('gate');
  const weight = vector(g, router.tensor('weight', [config.count, size]), router, 'weight');
  const scores = g.matMulTransposed(rows, weight, router); // [S, E]
  const routed = g.reshape(routedExperts(g, rows, scores, scope.child('experts'), size, config), x.shape, scope);
  const { sharedFeedForwardSize } = config;
  return sharedFeedForwardSize === null
    ? routed
    : g.add(routed, sharedExpert(g, x, scope, sharedFeedForwardSize), scope);
}

function routedExperts(
  g: GraphBuilder,
  rows: Value,
  scores: Value,
  scope: Scope,
  size: number,
  { count, chosen, feedForwardSize, renormalise }: ExpertsConfig,
): Value {
  const expert = (index: number, name: string, shape: readonly number[]) =>
    scope.child(String(index)).child(name).tensor('weight', shape);
  const all = (one: (index: number) => WeightExpression): WeightExpression => ({
    op: 'concat',
    parts: Array.from({ length: count }, (_, index) => one(index)),
  });
  const gateUp = all((index) => ({
    op: 'interleave',
    parts: [expert(index, 'gate_proj', [feedForwardSize, size]), expert(index, 'up_proj', [feedForwardSize, size])],
  }));
  const down = all((index) => expert(index, 'down_proj', [size, feedForwardSize]));
  const stacked = (name: string, of: WeightExpression, shape: readonly number[]) =>
    vector(g, { op: 'reshape', of, shape }, scope, name);
  return g.single(
    {
      operator: 'MoE',
      domain: CONTRIB,
      inputs: [
        rows,
        scores,
        stacked('gate_up_proj.weight', gateUp, [count, 2 * feedForwardSize, size]),
        null,
        stacked('down_proj.weight', down, [count, size, feedForwardSize]),
      ],
      outputs: [{ dtype: 'float32', shape: rows.shape }],
      attributes: {
        k: integer(chosen),
        normalize_routing_weights: integer(renormalise ? 1 : 0),
        activation_type: { kind: 'text', value: 'swiglu' },
        activation_alpha: float(1),
        activation_beta: float(0),
        swiglu_fusion: integer(1),
      },
    },
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
