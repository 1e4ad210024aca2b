import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import { convertCheckpoint } from '../src/convert-checkpoint.ts';
import { inspectCheckpoint } from '../src/inspect-checkpoint.ts';
import { changedJson } from './changed-json.ts';
import { checkpointCopy } from './checkpoint-copy.ts';
import { nativeCopy, type NativeStyle } from './native-copy.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe.each<NativeStyle>(['new', 'old'])('names of the %s style', (style) => {
  // The fixture's golden numbers hold for the official checkpoint's bundle (packages/ovis/test/golden.test.ts).
  test.each(['f32', 'int8'] as const)('give the same %s files as the official checkpoint', async (dtype) => {
    const parent = await temporaryFolder();
    const options = { dtype, intermediates: true } as const;
    const native = await convertCheckpoint(await nativeCopy(style), join(parent, 'native'), options);
    const official = await convertCheckpoint(fixturePath('ovis2-tiny'), join(parent, 'official'), options);
    expect(native.files).toEqual(official.files);
    expect({ ...native.model, name: '' }).toEqual({ ...official.model, name: '' });
    // The official config has a wrong `use_indicators`, of which it is warned; the other layout has no such key.
    const rest = { source: null, model: null, warnings: [] };
    expect({ ...native, ...rest }).toEqual({ ...official, ...rest });
    expect(native.source).toMatchObject({ modelType: 'ovis2', architecture: 'Ovis2ForConditionalGeneration' });
    expect(native.warnings).toEqual([expect.stringMatching(/layout of the transformers library.*no final norm/)]);
  });

  test('are summarised under their official parts', async () => {
    const native = await inspectCheckpoint(await nativeCopy(style));
    const official = await inspectCheckpoint(await checkpointCopy('ovis2-tiny'));
    expect(native.parts.other.tensors).toBe(0);
    expect(native.parts).toEqual({ ...official.parts, vit: { ...official.parts.vit } });
  });
});

test('a head that is missing is the embedding, whatever the config says', async () => {
  const folder = await nativeCopy('new', (tensors) => delete tensors['lm_head.weight']);
  const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
  const text = { ...Object(Object(config).text_config), tie_word_embeddings: false };
  await changedJson(join(folder, 'config.json'), { text_config: text });
  await using checkpoint = await openCheckpoint(folder);
  expect(checkpoint.config.language.tiedEmbeddings).toBe(true);
});

test('a tensor under two names is refused', async () => {
  const folder = await nativeCopy('new', (tensors) => {
    const norm = tensors['model.language_model.norm.weight'];
    if (norm) tensors['language_model.model.norm.weight'] = norm;
  });
  await expect(openCheckpoint(folder)).rejects.toThrow(ModelFileError);
  await expect(openCheckpoint(folder)).rejects.toThrow(/llm\.model\.norm\.weight twice/);
});

test('a third of the attention that is missing is named', async () => {
  const third = 'model.vision_tower.transformer.encoder.layers.1.attention.k_proj.weight';
  const folder = await nativeCopy('new', (tensors) => delete tensors[third]);
  const converting = convertCheckpoint(folder, join(await temporaryFolder(), 'bundle'));
  await expect(converting).rejects.toThrow(/blocks\.1\.attn\.qkv\.weight is missing/);
});
