import type { VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { linear } from '../layers/linear.ts';
import { mlp, type MlpOptions } from '../layers/mlp.ts';
import { multiHeadAttention } from '../layers/multi-head-attention.ts';
import { layerNorm } from '../layers/norms.ts';
import { namedProjections, queryKeyValue, separated } from '../layers/query-key-value.ts';
import { rotaryEmbedding, type RotaryTables } from '../layers/rotary-embedding.ts';

/** What the towers of the CLIP family do differently inside a block. */
export type VitBlockOptions = Pick<MlpOptions, 'activation'> & {
  /** 2-D rotary positions `[P, h/2]`, or null where positions are only learned. */
  readonly rotary: RotaryTables | null;
};

/** Blocks `encoder.layers` of CLIP, SigLIP and SigLIP2, one after the other. `x` and the result are `[B, P, d]`. */
export function vitBlocks(
  g: GraphBuilder,
  x: Value,
  tower: Scope,
  config: VisionConfig,
  options: VitBlockOptions,
): Value {
  let hidden = x;
  for (let index = 0; index < config.layers; index++) {
    hidden = block(g, hidden, tower.child('encoder').child('layers', index), config, options);
  }
  return hidden;
}

function block(g: GraphBuilder, x: Value, scope: Scope, config: VisionConfig, options: VitBlockOptions): Value {
  const { normEpsilon, feedForwardSize } = config;
  const normed = layerNorm(g, x, scope.child('layer_norm1'), normEpsilon);
  const between = g.add(x, attention(g, normed, scope.child('self_attn'), config, options.rotary), scope);
  const normedAgain = layerNorm(g, between, scope.child('layer_norm2'), normEpsilon);
  const { activation } = options;
  return g.add(between, mlp(g, normedAgain, scope.child('mlp'), { feedForwardSize, activation }), scope);
}

function attention(g: GraphBuilder, x: Value, scope: Scope, config: VisionConfig, rotary: RotaryTables | null): Value {
  const { heads, hiddenSize: d } = config;
  const projections = namedProjections(scope, d, { query: d, keyValue: d }, true);
  const { query, key, value } = separated(g, queryKeyValue(g, x, scope, projections), scope);
  const rotate = (part: Value) =>
    rotary ? rotaryEmbedding(g, part, scope, rotary, { heads, start: g.integers([0]) }) : part;
  const attended = multiHeadAttention(g, { query: rotate(query), key: rotate(key), value }, scope, heads);
  return linear(g, attended, scope.child('out_proj'), { outputs: d, bias: true });
}
