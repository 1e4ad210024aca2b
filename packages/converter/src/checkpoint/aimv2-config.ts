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

/** Missing keys mean the defaults of the official AIMv2Config. */
const backbone = v.looseObject({
  model_type: v.literal('aimv2'),
  hidden_size: size(LARGEST_WIDTH, 1024),
  intermediate_size: size(LARGEST_FEED_FORWARD, 2816),
  num_hidden_layers: size(LARGEST_LAYERS, 24),
  num_attention_heads: size(LARGEST_HEADS, 8),
  num_channels: size(16, 3),
  image_size: size(16_384, 224),
  patch_size: size(1024, 14),
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
  const { words, indicators, warnings } = visualVocabulary(generation, shapeOf, {
    rows: config.vocab_size,
    key: `${VISUAL_TOKENIZER} "vocab_size"`,
    useIndicators: config.use_indicators,
  });
  const vision: VisionConfig = {
    modelType: vit.model_type,
    hiddenSize: vit.hidden_size,
    layers: vit.num_hidden_layers,
    heads: vit.num_attention_heads,
    feedForwardSize: vit.intermediate_size,
    patchSize,
    temporalPatchSize: 1,
    normEpsilon: vit.rms_norm_eps,
    mergeStride: config.hidden_stride,
    gridSide: side / patchSize,
    queryKeyValueBias: vit.qkv_bias,
    linearBias: vit.use_bias,
    learnedPositions: true,
    rotaryPositions: false,
    classToken: false,
    secondScale: 'none',
    visualVocabularySize: words,
    indicators,
    tokenizeFunction: tokenizeFunction(config.tokenize_function),
  };
  checkDepths(config.depths, vision.layers);
  return { vision, views: { side, sideKey: 'crop_size' }, warnings };
}
