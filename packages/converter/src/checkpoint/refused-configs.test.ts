import { ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { changed } from '../../test/changed.ts';
import { checkpointFiles, withConfig, withShapes } from '../../test/checkpoint-files.ts';
import { readCheckpointConfig, type CheckpointFiles } from './read-checkpoint-config.ts';

const ovis2 = checkpointFiles('ovis2-tiny');
const ovis25 = checkpointFiles('ovis2.5-tiny');

const config = (files: CheckpointFiles, path: string, value: unknown) =>
  [path, value, withConfig(files, path, value)] as const;
const preprocessor = (files: CheckpointFiles, path: string, value: unknown) =>
  [path, value, { ...files, preprocessor: changed(files.preprocessor, path, value) }] as const;

describe('refuses sizes that contradict each other', () => {
  test.each<[string, CheckpointFiles, RegExp]>([
    ['table and language model', withShapes(ovis2, { 'vte.weight': [200, 32] }), /32 of the table vte\.weight/],
    [
      'visual head and vision tower',
      withConfig(ovis2, 'visual_tokenizer_config.hidden_stride', 1),
      /192 columns of the visual head and 48/,
    ],
    [
      'indicators and generation',
      withShapes(ovis2, { 'visual_tokenizer.head.0.weight': [196, 192] }),
      /leaves 4 indicator rows; Ovis 2 has 5/,
    ],
    ['table and head', withShapes(ovis25, { 'vte.weight': [100, 64] }), /leaves -116 indicator rows; Ovis 2\.5 has 4/],
    [
      'picture and vision tower',
      { ...ovis2, preprocessor: changed(ovis2.preprocessor, 'crop_size', { height: 448, width: 448 }) },
      /"crop_size".*56 x 56 pixels/,
    ],
    ['tokenizer and language model', { ...ovis2, addedTokens: new Map([['<x>', 700]]) }, /Token 700 is beyond/],
  ])('%s', (_, files, message) => {
    const reading = () => readCheckpointConfig(files);
    expect(reading).toThrow(ModelFileError);
    expect(reading).toThrow(message);
  });
});

describe('refuses what the graphs do not have', () => {
  test.each([
    config(ovis2, 'llm_config.model_type', 'gpt2'),
    config(ovis2, 'llm_config.use_sliding_window', true),
    config(ovis2, 'llm_config.layer_types', ['full_attention', 'sliding_attention']),
    config(ovis2, 'llm_config.hidden_act', 'gelu'),
    config(ovis2, 'llm_config.rope_scaling', { type: 'longrope', factor: 4 }),
    config(ovis2, 'llm_config.rope_scaling', { rope_type: 'linear' }),
    config(ovis2, 'llm_config.num_key_value_heads', 3),
    config(ovis2, 'llm_config.head_dim', 25),
    config(ovis25, 'llm_config.attention_bias', true),
    config(ovis2, 'visual_tokenizer_config.tokenize_function', 'gumbel_argmax'),
    config(ovis2, 'visual_tokenizer_config.depths', '2'),
    config(ovis2, 'visual_tokenizer_config.backbone_config.model_type', 'siglip_vision_model'),
    config(ovis2, 'visual_tokenizer_config.backbone_config.num_channels', 1),
    config(ovis2, 'visual_tokenizer_config.backbone_config.image_size', 57),
    config(ovis2, 'visual_tokenizer_config.backbone_config.num_attention_heads', 5),
    config(ovis2, 'conversation_formatter_class', 'PhiConversationFormatter'),
    config(ovis25, 'vit_config.fullatt_block_indexes', '0|2'),
    config(ovis25, 'vit_config.temporal_patch_size', 2),
    config(ovis25, 'vit_config.num_patches', 1024),
    config(ovis25, 'vit_config.hidden_act', 'gelu'),
    config(ovis25, 'vit_config.num_channels', 4),
    config(ovis25, 'vit_config.num_attention_heads', 8),
    config(ovis25, 'vit_config.image_size', 8),
    config(ovis25, 'vit_config.model_type', 'siglip'),
    preprocessor(ovis2, 'resample', 5),
    preprocessor(ovis2, 'do_center_crop', true),
    preprocessor(ovis2, 'do_normalize', false),
    preprocessor(ovis25, 'do_rescale', false),
  ])('%s = %o', (path, _, files) => {
    const reading = () => readCheckpointConfig(files);
    expect(reading).toThrow(ModelFileError);
    expect(reading).toThrow(path.split('.').at(-1));
  });

  test('but takes what only looks different', () => {
    const depths = withConfig(ovis2, 'visual_tokenizer_config.depths', [3]);
    expect(
      readCheckpointConfig(withConfig(depths, 'visual_tokenizer_config.tokenize_function', 'st_argmax')).vision,
    ).toMatchObject({
      layers: 3,
      tokenizeFunction: 'argmax',
    });
    expect(readCheckpointConfig(withConfig(ovis25, 'vit_config.fullatt_block_indexes', '0|1|2')).vision.layers).toBe(3);
    const crop = { ...ovis2, preprocessor: changed(ovis2.preprocessor, 'crop_size', 56) };
    expect(readCheckpointConfig(crop).model.preprocessing).toMatchObject({ side: 56 });
  });
});

describe('refuses values that no config has', () => {
  const paths = [
    'llm_config.hidden_size',
    'llm_config.num_hidden_layers',
    'llm_config.vocab_size',
    'llm_config.intermediate_size',
    'visual_tokenizer_config.backbone_config.num_hidden_layers',
    'visual_tokenizer_config.hidden_stride',
  ];
  const cases = paths.flatMap((path) =>
    [0, -1, 1.5, 1e12, '64', Number.NaN, [64]].map((value) => [path, value] as const),
  );
  test.each(cases)('%s = %o', (path, value) => {
    const reading = () => readCheckpointConfig(withConfig(ovis2, path, value));
    expect(reading).toThrow(ModelFileError);
    expect(reading).toThrow(path.split('.').at(-1));
  });

  test('a rotary table larger than memory', () => {
    const long = withConfig(ovis25, 'llm_config.max_position_embeddings', 1_048_576);
    // Without tensors, which would correct the head size.
    const files = { ...withConfig(long, 'llm_config.head_dim', 1024), shapeOf: () => undefined };
    expect(() => readCheckpointConfig(files)).toThrow(/max_position_embeddings/);
  });

  test.each([
    ['image_mean', [0.5, 0.5]],
    ['image_std', [0.5, 0, 0.5]],
    ['rescale_factor', -1],
    ['resample', 'bicubic'],
    ['crop_size', { height: 1e9, width: 1e9 }],
  ])('%s = %o', (path, value) => {
    const files = { ...ovis2, preprocessor: changed(ovis2.preprocessor, path, value) };
    expect(() => readCheckpointConfig(files)).toThrow(ModelFileError);
  });
});
