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

/** Missing keys mean the defaults of transformers' SiglipVisionConfig. */
const backbone = v.looseObject({
  model_type: v.literal('siglip_vision_model'),
  ...towerKeys({ width: 768, feedForward: 3072, layers: 12, heads: 12, patchSize: 16 }),
  hidden_act: v.nullish(v.string(), 'gelu_pytorch_tanh'),
  layer_norm_eps: epsilon(1e-6),
});

const schema = v.looseObject({
  ...visualTokenizerKeys,
  hd_booster: v.nullish(v.string(), null),
  backbone_config: backbone,
});

/** The official names of the second scale. */
const boosters: ReadonlyMap<string | null, VisionConfig['secondScale']> = new Map([
  [null, 'none'],
  ['s2wrapper', 'always'],
  ['s2wrapper-adaptive', 'adaptive'],
]);

/**
 * Parses `visual_tokenizer_config` of models with SigLIP (1.5 and 1.6).
 *
 * @throws ModelFileError when it is malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseSiglipConfig(
  generation: OvisGeneration,
  { visual_tokenizer_config: json }: JsonObject,
  shapeOf: ShapeOf,
): ParsedVision {
  const { backbone_config: vit, ...config } = checkJson(schema, json, VISUAL_TOKENIZER);
  const { hd_booster: booster, hidden_stride: mergeStride } = config;
  checkTower(vit);
  if (vit.hidden_act !== 'gelu_pytorch_tanh') {
    unsupported(VISUAL_TOKENIZER, 'backbone_config.hidden_act', vit.hidden_act, 'activation "gelu_pytorch_tanh"');
  }
  const secondScale =
    boosters.get(booster) ?? unsupported(VISUAL_TOKENIZER, 'hd_booster', booster, [...boosters.keys()].join(', '));
  const gridSide = Math.floor(vit.image_size / vit.patch_size);
  // Only 1.6 and later fill up what the stride does not divide.
  if (generation === '1.5' && gridSide % mergeStride !== 0) {
    unsupported(VISUAL_TOKENIZER, 'hidden_stride', mergeStride, `a divisor of the ${gridSide} patches per side`);
  }
  const { tower, warnings } = squareTower(generation, shapeOf, { vit, config });
  const vision: VisionConfig = {
    ...tower,
    modelType: 'siglip',
    normEpsilon: vit.layer_norm_eps,
    mergeStride,
    queryKeyValueBias: true,
    linearBias: true,
    classToken: false,
    secondScale,
  };
  return { vision, views: { side: vit.image_size, sideKey: 'size' }, warnings };
}
