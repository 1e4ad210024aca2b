import * as v from 'valibot';
import {
  checkJson,
  epsilon,
  LARGEST_FEED_FORWARD,
  LARGEST_HEADS,
  LARGEST_LAYERS,
  LARGEST_VOCABULARY,
  LARGEST_WIDTH,
  size,
} from './check-json.ts';
import type { VisionConfig } from './checkpoint-config.ts';
import { unsupported } from './unsupported.ts';
import { visualVocabulary, type ShapeOf } from './visual-vocabulary.ts';

const FILE = 'config.json, "visual_tokenizer_config"';

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

/** Missing keys mean the defaults of the official Aimv2VisualTokenizerConfig. */
const schema = v.looseObject({
  vocab_size: size(LARGEST_VOCABULARY, 16384),
  tokenize_function: v.nullish(v.string(), 'softmax'),
  depths: v.nullish(v.unknown()),
  hidden_stride: size(16, 1),
  backbone_config: backbone,
});

/** A vision config with what was settled on the way. */
export type ParsedVision = { readonly vision: VisionConfig; readonly warnings: readonly string[] };

/**
 * Parses `visual_tokenizer_config` of Ovis2.
 *
 * @throws ModelFileError when it is malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseAimv2Config(json: unknown, shapeOf: ShapeOf): ParsedVision {
  const { backbone_config: vit, ...config } = checkJson(schema, json, FILE);
  const { hidden_size: hiddenSize, num_attention_heads: heads, image_size: side, patch_size: patchSize } = vit;
  if (vit.num_channels !== 3) unsupported(FILE, 'backbone_config.num_channels', vit.num_channels, '3 channels');
  if (hiddenSize % heads !== 0) {
    unsupported(FILE, 'backbone_config.num_attention_heads', heads, `a divisor of the width ${hiddenSize}`);
  }
  if (side % patchSize !== 0) {
    unsupported(FILE, 'backbone_config.image_size', side, `a multiple of the patch size ${patchSize}`);
  }
  const { words, indicators, warnings } = visualVocabulary('2', shapeOf, config.vocab_size, `${FILE} "vocab_size"`);
  const vision: VisionConfig = {
    modelType: vit.model_type,
    hiddenSize,
    layers: vit.num_hidden_layers,
    heads,
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
    visualVocabularySize: words,
    indicators,
    tokenizeFunction: tokenizeFunction(config.tokenize_function),
  };
  checkDepths(config.depths, vision.layers);
  return { vision, warnings };
}

/** `gumbel_argmax` draws random numbers even when a model only answers; nothing released uses it. */
function tokenizeFunction(name: string): VisionConfig['tokenizeFunction'] {
  if (name === 'softmax') return 'softmax';
  if (name === 'st_argmax') return 'argmax';
  return unsupported(FILE, 'tokenize_function', name, '"softmax" or "st_argmax"');
}

/** `depths` picks layers of the ViT, as a list or as text joined by `|`; null, or all of them, is the usual case. */
function checkDepths(depths: unknown, layers: number): void {
  if (depths === undefined || depths === null) return;
  const last: unknown = Array.isArray(depths) && depths.length === 1 ? depths[0] : depths;
  if (Number(last) !== layers) unsupported(FILE, 'depths', depths, `all ${layers} layers of the vision tower`);
}
