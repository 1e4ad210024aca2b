import { Scope } from '../graph/scope.ts';
import { patchEmbedding } from '../layers/patch-embedding.ts';
import type { VisionTower } from './vision-tower.ts';
import { vitBlocks } from './vit-block.ts';

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
    const x = config.learnedPositions ? g.add(embedded, positions, scope) : embedded;
    const options = { activation: 'gelu', rotary: config.rotaryPositions ? rotary : null } as const;
    return vitBlocks(g, x, vision, config, options); // [B, P, d]
  },
};
