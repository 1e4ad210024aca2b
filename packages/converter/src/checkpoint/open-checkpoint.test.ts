import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError, TokenizerError } from '@ovis/core';
import { fixtureJson, fixturePath } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openCheckpoint } from './open-checkpoint.ts';

/** A copy of a fixture without its cases. */
async function checkpoint(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(fixturePath('ovis2-tiny'), folder, { recursive: true, filter: (path) => !/(cases|images)$/.test(path) });
  return folder;
}

test('does without generation_config.json and tokenizer_config.json', async () => {
  const folder = await checkpoint();
  await rm(join(folder, 'generation_config.json'));
  await rm(join(folder, 'tokenizer_config.json'));
  await using opened = await openCheckpoint(folder);
  expect(opened.tokenizerConfig).toBeNull();
  expect(opened.config.model.stopTokens).toEqual([562]);
});

describe('needs', () => {
  test.each([
    ['config.json', ModelFileError, /holds no config\.json/],
    ['preprocessor_config.json', ModelFileError, /holds no preprocessor_config\.json.*Download/],
    ['model.safetensors', ModelFileError, /Download the model's weights/],
  ])('%s', async (name, error, message) => {
    const folder = await checkpoint();
    await rm(join(folder, name));
    await expect(openCheckpoint(folder)).rejects.toThrow(error);
    await expect(openCheckpoint(folder)).rejects.toThrow(message);
  });

  test('a tokenizer, where there is nothing to make one of', async () => {
    const folder = await checkpoint();
    await rm(join(folder, 'tokenizer.json'));
    await rm(join(folder, 'vocab.json'));
    await expect(openCheckpoint(folder)).rejects.toThrow(/Download it beside config\.json/);
  });
});

test('makes tokenizer.json of the files of Qwen where there is none', async () => {
  const folder = await checkpoint();
  await rm(join(folder, 'tokenizer.json'));
  await using opened = await openCheckpoint(folder);
  const made = JSON.parse(new TextDecoder().decode(opened.tokenizer.bytes)) as { added_tokens: unknown };
  const published = fixtureJson<{ added_tokens: unknown }>('ovis2-tiny/tokenizer.json');
  expect(made.added_tokens).toEqual(published.added_tokens);
});

describe('refuses', () => {
  test.each([
    ['tokenizer.json', '{"added_tokens": []}', TokenizerError],
    ['tokenizer.json', '{"model": {}, "added_tokens": [{"id": -1, "content": "x"}]}', TokenizerError],
    ['tokenizer.json', '{', ModelFileError],
    ['tokenizer_config.json', '[]', ModelFileError],
    ['config.json', 'nonsense', ModelFileError],
    ['generation_config.json', '{"eos_token_id": "x"}', ModelFileError],
    ['quantize_config.json', '{"bits": 4}', ModelFileError],
  ])('%s with %s', async (name, content, error) => {
    const folder = await checkpoint();
    await writeFile(join(folder, name), content);
    await expect(openCheckpoint(folder)).rejects.toThrow(error);
  });
});
