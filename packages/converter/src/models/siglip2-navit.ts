import type { VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { linear } from '../layers/linear.ts';
import { mlp } from '../layers/mlp.ts';
import { multiHeadAttention } from '../layers/multi-head-attention.ts';
import { layerNorm } from '../layers/norms.ts';
import { patchEmbedding } from '../layers/patch-embedding.ts';
import { namedProjections, queryKeyValue, separated } from '../layers/query-key-value.ts';
import { rotaryEmbedding, type RotaryTables } from '../layers/rotary-embedding.ts';
import type { VisionTower } from './vision-tower.ts';

const vision = new Scope('vit', ['visual_tokenizer', 'vit', 'vision_model']);

/**
 * SigLIP2 at native resolution, the vision tower of Ovis2.5 (`ovis/model/vit/modeling_siglip2_navit.py`).
 * Every block attends over the whole frame: released configs have no window layers. The learned position
 * table is not in the graph, the host resizes it to each picture's grid.
 */
export const siglip2Navit: VisionTower = {
  kind: 'native',
  unused: [
    {
      pattern: /^visual_tokenizer\.vit\.vision_model\.post_layernorm\.(weight|bias)$/,
      reason: 'final norm of the vision tower; Ovis takes the features before it',
    },
  ],
  features(g, patches, config, { positions, rotary }) {
    const scope = vision.child('embeddings');
    const embedded = patchEmbedding(g, patches, scope.child('patch_embedding'), config);
    let x = config.learnedPositions ? g.add(embedded, positions, scope) : embedded;
    for (let index = 0; index < config.layers; index++) {
      x = block(g, x, vision.child('encoder').child('layers', index), config, config.rotaryPositions ? rotary : null);
    }
    return x; // [B, P, d]
  },
};

function block(g: GraphBuilder, x: Value, scope: Scope, config: VisionConfig, rotary: RotaryTables | null): Value {
  const { normEpsilon, feedForwardSize } = config;
  const attended = attention(
    g,
    layerNorm(g, x, scope.child('layer_norm1'), normEpsilon),
    scope.child('self_attn'),
    config,
    rotary,
  );
  const between = g.add(x, attended, scope);
  const normed = layerNorm(g, between, scope.child('layer_norm2'), normEpsilon);
  return g.add(between, mlp(g, normed, scope.child('mlp'), feedForwardSize), scope);
}

function attention(g: GraphBuilder, x: Value, scope: Scope, config: VisionConfig, rotary: RotaryTables | null): Value {
  const { heads, hiddenSize: d } = config;
  const projections = namedProjections(scope, d, { query: d, keyValue: d }, true);
  const { query, key, value } = separated(g, queryKeyValue(g, x, scope, projections), scope);
  const start = g.integers([0]);
  const rotate = (part: Value) => (rotary ? rotaryEmbedding(g, part, scope, rotary, { heads, start }) : part);
  const attended = multiHeadAttention(g, { query: rotate(query), key: rotate(key), value }, scope, heads);
  return linear(g, attended, scope.child('out_proj'), { outputs: d, bias: true });
}
