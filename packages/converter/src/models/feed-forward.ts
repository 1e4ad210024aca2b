import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { gatedMlp } from '../layers/gated-mlp.ts';
import { sparseExperts } from '../layers/sparse-experts.ts';
import type { LayerContext } from './decoder-layer.ts';

/** The feed-forward of a layer, dense or of experts. `x` and the result are `[1, S, D]`. */
export function feedForward(g: GraphBuilder, x: Value, scope: Scope, { config, index }: LayerContext): Value {
  const { feedForwardSize, activation, experts } = config;
  if (experts !== null && config.feedForwards[index] === 'experts') return sparseExperts(g, x, scope, experts);
  return gatedMlp(g, x, scope, {
    gate: 'gate_proj',
    up: 'up_proj',
    down: 'down_proj',
    feedForwardSize,
    bias: false,
    activation,
  });
}
