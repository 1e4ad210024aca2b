import type { VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { layerNorm } from '../layers/norms.ts';
import { patchEmbedding } from '../layers/patch-embedding.ts';
import { vector } from '../layers/vector.ts';
import type { VisionTower } from './vision-tower.ts';
import { vitBlocks } from './vit-block.ts';

const vision = new Scope('vit', ['visual_tokenizer', 'backbone', 'vision_model']);

/** CLIP, the vision tower of Ovis 1.0 (`CLIPVisionModel` of transformers). Its class token comes first. */
export const clip: VisionTower = {
  kind: 'tiled',
  unused: [
    {
      pattern: /^visual_tokenizer\.backbone\.vision_model\.post_layernorm\.(weight|bias)$/,
      reason: 'final norm of the vision tower; Ovis takes the features before it',
    },
  ],
  features(g, patches, config) {
    // The misspelt norm is the official name.
    const x = layerNorm(g, embeddings(g, patches, config), vision.child('pre_layrnorm'), config.normEpsilon);
    return vitBlocks(g, x, vision, config, { activation: 'quickGelu', rotary: null }); // [B, P+cls, d]
  },
};

/** Makes room for the class token with zeros; its embedding is added together with its position. */
function embeddings(g: GraphBuilder, patches: Value, config: VisionConfig): Value {
  const { hiddenSize: d, gridSide } = config;
  const scope = vision.child('embeddings');
  const embedded = patchEmbedding(g, patches, scope.child('patch_embedding'), { ...config, bias: false });
  const classEmbedding = vector(g, scope.tensor('class_embedding', [d]), scope, 'class_embedding');
  const classToken = g.padEnd(g.reshape(classEmbedding, [1, d], scope), [gridSide ** 2, 0], scope); // [P+cls, d]
  const table = scope.child('position_embedding');
  const positions = vector(g, table.tensor('weight', [gridSide ** 2 + 1, d]), table, 'weight');
  return g.add(g.padStart(embedded, [0, 1, 0], scope), g.add(classToken, positions, scope), scope); // [B, P+cls, d]
}
