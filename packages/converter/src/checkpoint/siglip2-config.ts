import type { OvisGeneration } from '@ovis/core';
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
import type { JsonObject } from './checkpoint-folder.ts';
import { unsupported } from './unsupported.ts';
import type { ParsedVision } from './visual-tokenizer-config.ts';
import { visualVocabulary, type ShapeOf } from './visual-vocabulary.ts';

const FILE = 'config.json, "vit_config"';

/** Missing keys mean the defaults of the official Siglip2NavitConfig. */
const vitSchema = v.looseObject({
  model_type: v.nullish(v.literal('siglip2_navit'), 'siglip2_navit'),
  hidden_size: size(LARGEST_WIDTH, 1024),
  intermediate_size: size(LARGEST_FEED_FORWARD, 4096),
  num_hidden_layers: size(LARGEST_LAYERS, 24),
  num_attention_heads: size(LARGEST_HEADS, 16),
  num_channels: size(16, 3),
  num_patches: v.nullish(v.pipe(v.number(), v.integer()), -1),
  image_size: size(16_384, 512),
  patch_size: size(1024, 16),
  hidden_act: v.nullish(v.string(), 'gelu_pytorch_tanh'),
  layer_norm_eps: epsilon(1e-6),
  hidden_stride: size(16, 2),
  fullatt_block_indexes: v.nullish(v.unknown()),
  temporal_patch_size: size(64, 1),
  preserve_original_pe: v.nullish(v.boolean(), true),
  use_rope: v.nullish(v.boolean(), true),
});

const schema = v.looseObject({ visual_vocab_size: size(LARGEST_VOCABULARY, 65536), vit_config: vitSchema });

/**
 * Parses `vit_config` and `visual_vocab_size` of Ovis2.5.
 *
 * @throws ModelFileError when it is malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseSiglip2Config(generation: OvisGeneration, json: JsonObject, shapeOf: ShapeOf): ParsedVision {
  const { vit_config: vit, visual_vocab_size: rows } = checkJson(schema, json, 'config.json');
  checkSupported(vit);
  const { words, indicators, warnings } = visualVocabulary(generation, shapeOf, {
    rows,
    key: '"visual_vocab_size"',
  });
  const vision: VisionConfig = {
    modelType: vit.model_type,
    hiddenSize: vit.hidden_size,
    layers: vit.num_hidden_layers,
    heads: vit.num_attention_heads,
    feedForwardSize: vit.intermediate_size,
    patchSize: vit.patch_size,
    temporalPatchSize: vit.temporal_patch_size,
    normEpsilon: vit.layer_norm_eps,
    mergeStride: vit.hidden_stride,
    gridSide: Math.floor(vit.image_size / vit.patch_size),
    queryKeyValueBias: true,
    linearBias: true,
    learnedPositions: vit.preserve_original_pe,
    rotaryPositions: vit.use_rope,
    classToken: false,
    secondScale: 'none',
    visualVocabularySize: words,
    indicators,
    tokenizeFunction: 'softmax',
  };
  return { vision, views: null, warnings };
}

function checkSupported(vit: v.InferOutput<typeof vitSchema>): void {
  const headSize = vit.hidden_size / vit.num_attention_heads;
  if (vit.num_channels !== 3) unsupported(FILE, 'num_channels', vit.num_channels, '3 channels');
  if (vit.num_patches > 0) unsupported(FILE, 'num_patches', vit.num_patches, 'patches of a picture of any size (-1)');
  if (vit.hidden_act !== 'gelu_pytorch_tanh') {
    unsupported(FILE, 'hidden_act', vit.hidden_act, 'activation "gelu_pytorch_tanh"');
  }
  if (vit.temporal_patch_size !== 1)
    unsupported(FILE, 'temporal_patch_size', vit.temporal_patch_size, 'one frame per patch');
  // Half of the head turns with the row, half with the column, each in pairs.
  if (headSize % 4 !== 0) {
    unsupported(FILE, 'num_attention_heads', vit.num_attention_heads, `heads of a multiple of 4 in ${vit.hidden_size}`);
  }
  if (vit.image_size < vit.patch_size) {
    unsupported(FILE, 'image_size', vit.image_size, `at least one patch of ${vit.patch_size} pixels`);
  }
  checkWindows(vit.fullatt_block_indexes, vit.num_hidden_layers);
}

/** Null means full attention everywhere; text `"a|b|c"` names the blocks with full attention, all others see windows. */
function checkWindows(indexes: unknown, layers: number): void {
  if (indexes === undefined || indexes === null) return;
  const full = new Set(typeof indexes === 'string' ? indexes.split('|').map(Number) : []);
  const all = Array.from({ length: layers }, (_, index) => index).every((index) => full.has(index));
  if (!all) unsupported(FILE, 'fullatt_block_indexes', indexes, 'full attention in every block (null)');
}
