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

/** Missing keys mean the defaults of the official AIMv2Config. */
const backbone = v.looseObject({
  model_type: v.literal('aimv2'),
  ...towerKeys({ width: 1024, feedForward: 2816, layers: 24, heads: 8, patchSize: 14 }),
  rms_norm_eps: epsilon(1e-5),
  qkv_bias: v.nullish(v.boolean(), false),
  use_bias: v.nullish(v.boolean(), false),
});

const schema = v.looseObject({ ...visualTokenizerKeys, backbone_config: backbone });

/**
 * Parses `visual_tokenizer_config` of Ovis2.
 *
 * @throws ModelFileError when it is malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseAimv2Config(
  generation: OvisGeneration,
  { visual_tokenizer_config: json }: JsonObject,
  shapeOf: ShapeOf,
): ParsedVision {
  const { backbone_config: vit, ...config } = checkJson(schema, json, VISUAL_TOKENIZER);
  const { image_size: side, patch_size: patchSize } = vit;
  checkTower(vit);
  if (side % patchSize !== 0) {
    unsupported(VISUAL_TOKENIZER, 'backbone_config.image_size', side, `a multiple of the patch size ${patchSize}`);
  }
  const { tower, warnings } = squareTower(generation, shapeOf, { vit, config });
  const vision: VisionConfig = {
    ...tower,
    modelType: vit.model_type,
    normEpsilon: vit.rms_norm_eps,
    mergeStride: config.hidden_stride,
    queryKeyValueBias: vit.qkv_bias,
    linearBias: vit.use_bias,
    classToken: false,
    secondScale: 'none',
  };
  return { vision, views: { side, sideKey: 'crop_size' }, warnings };
}
