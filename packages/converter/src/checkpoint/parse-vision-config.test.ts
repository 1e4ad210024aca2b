import { ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { changed } from '../../test/changed.ts';
import { checkpointFiles, withConfig, withShapes } from '../../test/checkpoint-files.ts';
import { readCheckpointConfig, type CheckpointFiles } from './read-checkpoint-config.ts';

const ovis10 = checkpointFiles('ovis1.0-tiny');
const ovis15 = checkpointFiles('ovis1.5-tiny');
const adaptive = checkpointFiles('ovis1.5-adaptive-tiny');
const ovis16 = checkpointFiles('ovis1.6-llama3-tiny');
const tokenizer = 'visual_tokenizer_config';
const tower = `${tokenizer}.backbone_config`;

test('reads CLIP of Ovis 1.0', () => {
  const { generation, vision, model, warnings } = readCheckpointConfig(ovis10);
  expect({ generation, warnings }).toEqual({ generation: '1.0', warnings: [] });
  expect(vision).toMatchObject({
    modelType: 'clip',
    gridSide: 4,
    mergeStride: 1,
    normEpsilon: 1e-5,
    classToken: true,
    secondScale: 'none',
    visualVocabularySize: 198,
    indicators: 2,
  });
  expect(model.preprocessing).toMatchObject({ filter: 'bicubic', side: 56, maxPartition: 1, tokensPerView: 16 });
  expect(model.preprocessing).not.toHaveProperty('secondScale');
});

test.each([
  ['always', ovis15, 178],
  ['adaptive', adaptive, 158],
] as const)('reads SigLIP of Ovis 1.5 with the second scale %s', (secondScale, files, words) => {
  const { generation, vision, model, warnings } = readCheckpointConfig(files);
  expect({ generation, warnings }).toEqual({ generation: '1.5', warnings: [] });
  expect(vision).toMatchObject({ modelType: 'siglip', gridSide: 3, classToken: false, secondScale });
  expect(vision).toMatchObject({ visualVocabularySize: words, indicators: 2 });
  expect(model.preprocessing).toMatchObject({ side: 47, maxPartition: 1, tokensPerView: 9, secondScale });
});

test('reads SigLIP of Ovis 1.6', () => {
  const { generation, vision, model } = readCheckpointConfig(ovis16);
  expect(generation).toBe('1.6');
  expect(vision).toMatchObject({
    modelType: 'siglip',
    gridSide: 5,
    mergeStride: 2,
    secondScale: 'none',
    indicators: 5,
  });
  expect(model.preprocessing).toMatchObject({ side: 70, maxPartition: 9, tokensPerView: 9 });
});

test('the stride of 1.0 counts for nothing, as in the official class', () => {
  expect(readCheckpointConfig(withConfig(ovis10, `${tokenizer}.hidden_stride`, 2)).vision.mergeStride).toBe(1);
});

describe('indicators are counted by tensors', () => {
  const words = { 'visual_tokenizer.head.0.weight': [200, 48] };

  test('and a model of one view may have none', () => {
    const files = withShapes(withConfig(ovis10, `${tokenizer}.use_indicators`, false), words);
    expect(readCheckpointConfig(files)).toMatchObject({ vision: { indicators: 0 }, warnings: [] });
  });

  test('a config that contradicts them is told of', () => {
    const { vision, warnings } = readCheckpointConfig(withShapes(ovis10, words));
    expect(vision).toMatchObject({ visualVocabularySize: 200, indicators: 0 });
    expect(warnings).toEqual([expect.stringContaining('"use_indicators" true, but the table has 0 indicator rows')]);
  });
});

test('takes a side whose rest beyond the patches differs', () => {
  const size = { height: 55, width: 55 };
  const files = { ...ovis15, preprocessor: changed(ovis15.preprocessor, 'size', size) };
  expect(readCheckpointConfig(files).model.preprocessing).toMatchObject({ side: 55 });
});

describe('refuses what the graphs do not have', () => {
  test.each<[string, unknown, CheckpointFiles]>([
    [`${tower}.hidden_act`, 'gelu', ovis10],
    [`${tower}.hidden_act`, 'quick_gelu', ovis15],
    [`${tower}.num_channels`, 1, ovis15],
    [`${tower}.num_attention_heads`, 5, ovis16],
    [`${tower}.image_size`, 13, ovis16],
    [`${tower}.model_type`, 'dinov2', ovis16],
    [`${tokenizer}.drop_cls_token`, false, ovis10],
    [`${tokenizer}.depths`, '2', ovis10],
    [`${tokenizer}.tokenize_function`, 'gumbel_argmax', ovis15],
    [`${tokenizer}.hd_booster`, 's3wrapper', ovis15],
    [`${tokenizer}.hidden_stride`, 2, ovis15],
  ])('%s = %o', (path, value, files) => {
    const reading = () => readCheckpointConfig(withConfig(files, path, value));
    expect(reading).toThrow(ModelFileError);
    expect(reading).toThrow(path.split('.').at(-1));
  });

  test.each([
    ['a side of another tower', ovis15, 'size', { height: 384, width: 384 }],
    ['views that are not square', ovis15, 'size', { height: 47, width: 48 }],
    ['a side that is none', ovis15, 'size', { height: 0, width: 0 }],
    ['a crop of another size', ovis10, 'crop_size', 336],
  ] as const)('%s', (_, files, key, value) => {
    const reading = () => readCheckpointConfig({ ...files, preprocessor: changed(files.preprocessor, key, value) });
    expect(reading).toThrow(ModelFileError);
    expect(reading).toThrow(key);
  });

  test('a head that does not fit the second scale', () => {
    expect(() => readCheckpointConfig(withConfig(ovis16, `${tokenizer}.hd_booster`, 's2wrapper'))).toThrow(
      ModelFileError,
    );
    const narrow = withShapes(ovis15, { 'visual_tokenizer.head.0.weight': [178, 48] });
    expect(() => readCheckpointConfig(narrow)).toThrow(/48 columns of the visual head and 96/);
  });
});
