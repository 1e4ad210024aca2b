import type { OvisGeneration } from '@ovis/core';
import * as v from 'valibot';
import {
  checkJson,
  epsilon,
  LARGEST_FEED_FORWARD,
  LARGEST_HEADS,
  LARGEST_LAYERS,
  LARGEST_WIDTH,
  size,
} from './check-json.ts';
import type { VisionConfig } from './checkpoint-config.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import { unsupported } from './unsupported.ts';
import {
  checkDepths,
  checkTower,
  tokenizeFunction,
  VISUAL_TOKENIZER,
  visualTokenizerKeys,
  type ParsedVision,
} from './visual-tokenizer-config.ts';
import { visualVocabulary, type ShapeOf } from './visual-vocabulary.ts';

/** Missing keys mean the defaults of transformers' CLIPVisionConfig. */
const backbone = v.looseObject({
  model_type: v.literal('clip_vision_model'),
  hidden_size: size(LARGEST_WIDTH, 768),
  intermediate_size: size(LARGEST_FEED_FORWARD, 3072),
  num_hidden_layers: size(LARGEST_LAYERS, 12),
  num_attention_heads: size(LARGEST_HEADS, 12),
  num_channels: size(16, 3),
  image_size: size(16_384, 224),
  patch_size: size(1024, 32),
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
  const gridSide = Math.floor(vit.image_size / vit.patch_size);
  const { words, indicators, warnings } = visualVocabulary(generation, shapeOf, {
    rows: config.vocab_size,
    key: `${VISUAL_TOKENIZER} "vocab_size"`,
    useIndicators: config.use_indicators,
  });
  // The class of 1.0 ignores the stride.
  const mergeStride = generation === '1.0' ? 1 : config.hidden_stride;
  const vision: VisionConfig = {
    modelType: 'clip',
    hiddenSize: vit.hidden_size,
    layers: vit.num_hidden_layers,
    heads: vit.num_attention_heads,
    feedForwardSize: vit.intermediate_size,
    patchSize: vit.patch_size,
    temporalPatchSize: 1,
    normEpsilon: vit.layer_norm_eps,
    mergeStride,
    gridSide,
    queryKeyValueBias: true,
    linearBias: true,
    learnedPositions: true,
    rotaryPositions: false,
    classToken: true,
    secondScale: 'none',
    visualVocabularySize: words,
    indicators,
    tokenizeFunction: tokenizeFunction(config.tokenize_function),
  };
  checkDepths(config.depths, vision.layers);
  return { vision, views: { side: vit.image_size, sideKey: 'crop_size' }, warnings };
}
