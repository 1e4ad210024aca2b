import { generationTraits } from '@ovis/core';
import { expect, test } from 'vitest';
import { detectGeneration } from '../src/checkpoint/detect-generation.ts';
import { parseVisionConfig } from '../src/checkpoint/parse-vision-config.ts';
import { buildVisualTokenizerGraph } from '../src/graphs/visual-tokenizer.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { expectedTensors } from './expected-tensors.ts';
import { all } from './one-dtype.ts';

const clip = {
  model_type: 'clip_vision_model',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  image_size: 336,
  patch_size: 14,
};
const siglip = {
  model_type: 'siglip_vision_model',
  hidden_size: 1152,
  intermediate_size: 4304,
  num_hidden_layers: 27,
  num_attention_heads: 16,
  image_size: 384,
  patch_size: 14,
};
const aimv2 = (width: number, heads: number, feedForward: number) => ({
  model_type: 'aimv2',
  hidden_size: width,
  intermediate_size: feedForward,
  num_hidden_layers: 24,
  num_attention_heads: heads,
  image_size: 448,
  patch_size: 14,
});
const ovis = (type: string, tower: object, rest: object) => ({
  model_type: 'ovis',
  visual_tokenizer_config: { model_type: `${type}_visual_tokenizer`, backbone_config: tower, ...rest },
});
const booster = { vocab_size: 131072, hd_booster: 's2wrapper', use_indicators: true };
const tiles = { vocab_size: 65536, hidden_stride: 2 };
const native = {
  model_type: 'ovis2_5',
  visual_vocab_size: 65536,
  vit_config: { ...siglip, model_type: 'siglip2_navit', image_size: 512, patch_size: 16 },
};

/** Rows of `vit`: parameters of the tower with the final norm that Ovis leaves out, without the pooling head. */
test.each([
  {
    name: '1.0',
    config: ovis('clip', clip, { vocab_size: 131072, drop_cls_token: true }),
    vit: 303_507_456,
    columns: 1024,
    tokens: 576,
  },
  { name: '1.5', config: ovis('siglip', siglip, booster), vit: 412_987_248, columns: 2304, tokens: 729 },
  { name: '1.6-9B', config: ovis('siglip', siglip, tiles), vit: 412_987_248, columns: 4608, tokens: 196 },
  {
    name: '1.6-27B',
    config: ovis('siglip', siglip, { ...tiles, vocab_size: 131072 }),
    vit: 412_987_248,
    columns: 4608,
    tokens: 196,
  },
  { name: '2-2B', config: ovis('aimv2', aimv2(1024, 8, 2816), tiles), vit: 309_984_256, columns: 4096, tokens: 256 },
  { name: '2-8B', config: ovis('aimv2', aimv2(1536, 12, 4096), tiles), vit: 682_031_616, columns: 6144, tokens: 256 },
  {
    name: '2-34B',
    config: ovis('aimv2', aimv2(2048, 16, 5632), tiles),
    vit: 1_236_531_200,
    columns: 8192,
    tokens: 256,
  },
  { name: '2.5', config: native, vit: 413_534_448, columns: 4608, tokens: null },
])('the graph of Ovis $name has as many parameters as the released model', ({ config, vit, columns, tokens }) => {
  const generation = detectGeneration(config);
  const { vision } = parseVisionConfig(generation, config, () => undefined);
  expect(vision.indicators).toBe(generationTraits[generation].indicators.length);
  const model = { vision, language: { hiddenSize: 64 } };
  const graph = buildVisualTokenizerGraph(model, createLowering('cpu', all('f32')), { intermediates: true });
  const shapes = [...expectedTensors(graph)];
  const count = (prefix: string) =>
    shapes
      .filter(([name]) => name.startsWith(prefix))
      .reduce((sum, [, shape]) => sum + shape.reduce((size, dim) => size * dim, 1), 0);
  const norm = vision.hiddenSize * (vision.modelType === 'aimv2' ? 1 : 2);
  const table = vision.modelType === 'siglip2_navit' ? vision.gridSide ** 2 * vision.hiddenSize : 0; // the host's
  expect(count('visual_tokenizer.backbone.') + count('visual_tokenizer.vit.') + norm + table).toBe(vit);
  expect(count('visual_tokenizer.head.')).toBe(vision.visualVocabularySize * (columns + 2));
  expect(graph.signature.outputs['head_input']?.shape).toEqual(['V', columns]);
  if (tokens !== null) expect(Math.ceil(vision.gridSide / vision.mergeStride) ** 2).toBe(tokens);
});
