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

/** Missing keys mean the defaults of transformers' SiglipVisionConfig. */
const backbone = v.looseObject({
  model_type: v.literal('siglip_vision_model'),
  hidden_size: size(LARGEST_WIDTH, 768),
  intermediate_size: size(LARGEST_FEED_FORWARD, 3072),
  num_hidden_layers: size(LARGEST_LAYERS, 12),
  num_attention_heads: size(LARGEST_HEADS, 12),
  num_channels: size(16, 3),
  image_size: size(16_384, 224),
  patch_size: size(1024, 16),
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
  const { words, indicators, warnings } = visualVocabulary(generation, shapeOf, {
    rows: config.vocab_size,
    key: `${VISUAL_TOKENIZER} "vocab_size"`,
    useIndicators: config.use_indicators,
  });
  const vision: VisionConfig = {
    modelType: 'siglip',
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
    classToken: false,
    secondScale,
    visualVocabularySize: words,
    indicators,
    tokenizeFunction: tokenizeFunction(config.tokenize_function),
  };
  checkDepths(config.depths, vision.layers);
  return { vision, views: { side: vit.image_size, sideKey: 'size' }, warnings };
}
