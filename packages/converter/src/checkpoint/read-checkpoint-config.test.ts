import { ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { checkpointFiles, withConfig, withShapes } from '../../test/checkpoint-files.ts';
import { ovis25Tiny, ovis2Tiny } from '../../test/tiny-configs.ts';
import { readCheckpointConfig, type CheckpointFiles } from './read-checkpoint-config.ts';

const ovis2 = checkpointFiles('ovis2-tiny');
const ovis25 = checkpointFiles('ovis2.5-tiny');
const stopTokens = (files: CheckpointFiles) => readCheckpointConfig(files).model.stopTokens;
const preprocessing = (maxPartition: unknown) =>
  readCheckpointConfig({ ...ovis2, generation: { max_partition: maxPartition } }).model.preprocessing;

test('reads Ovis2', () => {
  const { language, vision, model, ...rest } = readCheckpointConfig(ovis2);
  expect({ language, vision }).toEqual(ovis2Tiny);
  expect(rest).toEqual({
    generation: '2',
    modelType: 'ovis',
    architecture: 'Ovis',
    warnings: [expect.stringContaining('"use_indicators" false')],
  });
  expect(model).toMatchObject({
    name: 'ovis2-tiny',
    promptFormat: 'qwen',
    stopTokens: [562, 560],
    thinkEndToken: null,
    preprocessing: { kind: 'tiles', filter: 'bicubic', side: 56, maxPartition: 9, tokensPerView: 4 },
  });
});

test('reads Ovis2.5', () => {
  const { language, vision, model } = readCheckpointConfig(ovis25);
  expect({ language, vision }).toEqual(ovis25Tiny);
  expect(model).toMatchObject({
    promptFormat: 'qwen3',
    stopTokens: [562],
    thinkEndToken: 585,
    preprocessing: {
      kind: 'native',
      filter: 'bilinear',
      minPixels: 200704,
      maxPixels: 3211264,
      positionGrid: 8,
      rotaryHeadSize: 16,
    },
  });
});

test('reads Ovis2.5 as its trainer writes it', () => {
  const files = withConfig(ovis25, 'model_type', 'ovis');
  expect(readCheckpointConfig(files)).toMatchObject({ generation: '2.5', modelType: 'ovis' });
});

describe('defaults of keys that newer versions leave out', () => {
  test('of Ovis2', () => {
    let files = ovis2;
    for (const key of ['tie_word_embeddings', 'rms_norm_eps', 'rope_theta', 'max_position_embeddings', 'hidden_act']) {
      files = withConfig(files, `llm_config.${key}`, undefined);
    }
    files = withConfig(files, 'visual_tokenizer_config.tokenize_function', undefined);
    files = withConfig(files, 'multimodal_max_length', undefined);
    expect(readCheckpointConfig(files)).toMatchObject({
      language: { tiedEmbeddings: false, normEpsilon: 1e-6, ropeTheta: 10000, contextLength: 32768, headSize: 16 },
      vision: { tokenizeFunction: 'softmax' },
    });
  });

  test('of Ovis2.5', () => {
    let files = ovis25;
    for (const key of [
      'llm_config.tie_word_embeddings',
      'llm_config.head_dim',
      'vit_config.hidden_stride',
      'vit_config.layer_norm_eps',
    ]) {
      files = withConfig(files, key, undefined);
    }
    expect(readCheckpointConfig(files)).toMatchObject({
      language: { tiedEmbeddings: false, headSize: 128 },
      vision: { mergeStride: 2, normEpsilon: 1e-6 },
    });
  });

  test('of the visual vocabulary, which the tensors correct', () => {
    expect(readCheckpointConfig(withConfig(ovis2, 'visual_tokenizer_config.vocab_size', undefined))).toMatchObject({
      vision: { visualVocabularySize: 195, indicators: 5 },
      warnings: expect.arrayContaining([
        expect.stringContaining('vocab_size" 16384, but the table has 200 rows'),
      ]) as unknown,
    });
    expect(readCheckpointConfig(withConfig(ovis25, 'visual_vocab_size', undefined)).vision.visualVocabularySize).toBe(
      216,
    );
  });

  test('of hidden_stride, which is 1 in Ovis2', () => {
    const files = withConfig(ovis2, 'visual_tokenizer_config.hidden_stride', undefined);
    const fitting = withShapes(files, { 'visual_tokenizer.head.0.weight': [195, 48] });
    expect(readCheckpointConfig(fitting).model.preprocessing).toMatchObject({ tokensPerView: 16 });
  });

  test('of rotary positions in the words of newer configs', () => {
    const files = withConfig(ovis25, 'llm_config.rope_theta', undefined);
    const newer = withConfig(files, 'llm_config.rope_parameters', { rope_type: 'default', rope_theta: 5e6 });
    expect(readCheckpointConfig(newer).language).toMatchObject({ ropeTheta: 5e6, ropeScaling: { kind: 'none' } });
  });
});

describe('tokens that end an answer', () => {
  test('come from the language model where generation_config.json is missing', () => {
    expect(stopTokens({ ...ovis2, generation: null })).toEqual([562]);
  });
  test('come from generation_config.json where the language model of 2.5 has none', () => {
    expect(stopTokens(withConfig(ovis25, 'llm_config.eos_token_id', undefined))).toEqual([562, 560]);
  });
  test('are the end of a turn where neither file tells', () => {
    expect(stopTokens({ ...withConfig(ovis25, 'llm_config.eos_token_id', undefined), generation: null })).toEqual([
      562,
    ]);
  });
  test('may be a single number', () => {
    expect(stopTokens({ ...ovis2, generation: { eos_token_id: 7 } })).toEqual([7]);
  });
  test('are needed', () => {
    const files = { ...withConfig(ovis2, 'llm_config.eos_token_id', null), generation: {}, addedTokens: new Map() };
    expect(() => readCheckpointConfig(files)).toThrow(/has an eos_token_id, so no answer would ever end/);
  });
  test('must be tokens of the model', () => {
    expect(() => readCheckpointConfig({ ...ovis2, generation: { eos_token_id: 608 } })).toThrow(
      /Token 608 is beyond the 608 rows/,
    );
    expect(() => readCheckpointConfig({ ...ovis2, generation: { eos_token_id: [-1] } })).toThrow(ModelFileError);
  });
});

test('takes the default number of sub-images from our own key', () => {
  expect(preprocessing(1)).toMatchObject({ maxPartition: 1 });
  expect(() => preprocessing(0)).toThrow(/"max_partition"/);
  expect(() => preprocessing(1.5)).toThrow(ModelFileError);
});

test('bounds the context by what the model truncates prompts to', () => {
  expect(readCheckpointConfig(withConfig(ovis2, 'multimodal_max_length', 2048)).language.contextLength).toBe(2048);
});
