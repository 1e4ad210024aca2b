import type { OvisGeneration } from '@ovis/core';
import * as v from 'valibot';
import { checkJson, epsilon } from './check-json.ts';
import type { VisionConfig } from './checkpoint-config.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import { unsupported } from './unsupported.ts';
import {
  checkTower,
  squareTower,
  towerKeys,
  VISUAL_TOKENIZER,
  visualTokenizerKeys,
  type ParsedVision,
} from './visual-tokenizer-config.ts';
import type { ShapeOf } from './visual-vocabulary.ts';

/** Missing keys mean the defaults of transformers' CLIPVisionConfig. */
const backbone = v.looseObject({
  model_type: v.literal('clip_vision_model'),
  ...towerKeys({ width: 768, feedForward: 3072, layers: 12, heads: 12, patchSize: 32 }),
  hidden_act: v.nullish(v.string(), 'quick_gelu'),
  layer_norm_eps: epsilon(1e-5),
});

const schema = v.looseObject({
  ...visualTokenizerKeys,
  drop_cls_token: v.nullish(v.boolean(), false),
  backbone_config: backbone,
});

/**
 * Parses `visual_tokenizer_config` of models with CLIP (1.0).
 *
 * @throws ModelFileError when it is malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseClipConfig(
  generation: OvisGeneration,
  { visual_tokenizer_config: json }: JsonObject,
  shapeOf: ShapeOf,
): ParsedVision {
  const { backbone_config: vit, ...config } = checkJson(schema, json, VISUAL_TOKENIZER);
  checkTower(vit);
  if (vit.hidden_act !== 'quick_gelu') {
    unsupported(VISUAL_TOKENIZER, 'backbone_config.hidden_act', vit.hidden_act, 'activation "quick_gelu"');
  }
  if (!config.drop_cls_token) {
    unsupported(VISUAL_TOKENIZER, 'drop_cls_token', config.drop_cls_token, 'the class token dropped (true)');
  }
  const { tower, warnings } = squareTower(generation, shapeOf, { vit, config });
  // The class of 1.0 ignores the stride.
  const mergeStride = generation === '1.0' ? 1 : config.hidden_stride;
  const vision: VisionConfig = {
    ...tower,
    modelType: 'clip',
    normEpsilon: vit.layer_norm_eps,
    mergeStride,
    queryKeyValueBias: true,
    linearBias: true,
    classToken: true,
    secondScale: 'none',
  };
  return { vision, views: { side: vit.image_size, sideKey: 'crop_size' }, warnings };
}
