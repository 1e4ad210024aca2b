import { Scope } from '../graph/scope.ts';
import { patchEmbedding } from '../layers/patch-embedding.ts';
import { vector } from '../layers/vector.ts';
import type { VisionTower } from './vision-tower.ts';
import { vitBlocks } from './vit-block.ts';

const vision = new Scope('vit', ['visual_tokenizer', 'backbone', 'vision_model']);

/** SigLIP, the vision tower of Ovis 1.5 and 1.6 (`SiglipVisionModel` of transformers). */
export const siglip: VisionTower = {
  kind: 'tiled',
  unused: [
    {
      pattern: /^visual_tokenizer\.backbone\.vision_model\.post_layernorm\.(weight|bias)$/,
      reason: 'final norm of the vision tower; Ovis takes the features before it',
    },
    {
      pattern:
        /^visual_tokenizer\.backbone\.vision_model\.head\.(probe|attention\.in_proj_(weight|bias)|(attention\.out_proj|layernorm|mlp\.fc[12])\.(weight|bias))$/,
      reason: 'pooling head of the vision tower; Ovis takes the features of all patches',
    },
  ],
  features(g, patches, config) {
    const scope = vision.child('embeddings');
    const embedded = patchEmbedding(g, patches, scope.child('patch_embedding'), config);
    const table = scope.child('position_embedding');
    const shape = [config.gridSide ** 2, config.hiddenSize];
    const positions = vector(g, table.tensor('weight', shape), table, 'weight');
    const x = g.add(embedded, positions, scope);
    return vitBlocks(g, x, vision, config, { activation: 'gelu', rotary: null }); // [B, P, d]
  },
};
