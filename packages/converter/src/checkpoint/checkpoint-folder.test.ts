import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { CheckpointFolder, parseJsonObject } from './checkpoint-folder.ts';

test('is named like its folder', async () => {
  const path = join(await temporaryFolder(), 'Ovis2-1B');
  await mkdir(path);
  expect((await CheckpointFolder.open(path)).name).toBe('Ovis2-1B');
});

test('is named like the repository in a Hugging Face cache, where folders are hashes', async () => {
  const path = join(await temporaryFolder(), 'models--AIDC-AI--Ovis2.5-2B', 'snapshots', '0a1b2c');
  await mkdir(path, { recursive: true });
  expect((await CheckpointFolder.open(path)).name).toBe('Ovis2.5-2B');
});

test('must exist', async () => {
  const path = join(await temporaryFolder(), 'none');
  await expect(CheckpointFolder.open(path)).rejects.toThrow(ModelFileError);
  await expect(CheckpointFolder.open(path)).rejects.toThrow(/is no folder that can be read.*config\.json/);
});

test('gives null for a file that is not there', async () => {
  const folder = await CheckpointFolder.open(await temporaryFolder());
  expect(await folder.readJson('config.json')).toBeNull();
});

test('refuses a small file that is large, without reading it', async () => {
  const path = await temporaryFolder();
  await writeFile(join(path, 'config.json'), '{}');
  await truncate(join(path, 'config.json'), 65 * 1024 * 1024);
  await expect((await CheckpointFolder.open(path)).readJson('config.json')).rejects.toThrow(
    /is larger than 67108864 bytes/,
  );
});

test('refuses a folder in the place of a file', async () => {
  const path = await temporaryFolder();
  await mkdir(join(path, 'config.json'));
  await expect((await CheckpointFolder.open(path)).readJson('config.json')).rejects.toThrow(ModelFileError);
});

test.each([
  ['{', /config\.json is no JSON in UTF-8/],
  ['[]', /holds a list; expected an object/],
  ['null', /holds object; expected an object|holds null/],
  ['"text"', /holds string/],
  ['version https://git-lfs.github.com/spec/v1\noid sha256:0', /Git LFS pointer.*git lfs pull/],
])('refuses %j as a JSON object', (text, message) => {
  const parsing = () => parseJsonObject(new TextEncoder().encode(text), 'config.json');
  expect(parsing).toThrow(ModelFileError);
  expect(parsing).toThrow(message);
});
