import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { BundleFolder } from './bundle-folder.ts';

/** Makes a bundle of one manifest. */
async function make(target: string, manifest: string, overwrite = false): Promise<void> {
  await using folder = await BundleFolder.create(target, 1000, overwrite);
  await writeFile(join(folder.path, 'ovis.json'), manifest);
  await folder.commit();
}

const manifestOf = (target: string) => readFile(join(target, 'ovis.json'), 'utf8');

test('takes its name only when it is complete', async () => {
  const parent = await temporaryFolder();
  const target = join(parent, 'bundle');
  await using folder = await BundleFolder.create(target, 1000, false);
  await writeFile(join(folder.path, 'ovis.json'), 'new');
  expect(await readdir(parent)).toEqual([expect.stringMatching(/^\.bundle\.partial-[0-9a-f]{12}$/)]);
  await folder.commit();
  expect(await readdir(parent)).toEqual(['bundle']);
  expect(await manifestOf(target)).toBe('new');
});

test('leaves nothing when it is given up, and may be given up twice', async () => {
  const parent = await temporaryFolder();
  const folder = await BundleFolder.create(join(parent, 'bundle'), 1000, false);
  await writeFile(join(folder.path, 'ovis.json'), 'half');
  await folder[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  expect(await readdir(parent)).toEqual([]);
});

test('makes the folders above, and takes an empty folder', async () => {
  const parent = await temporaryFolder();
  const target = join(parent, 'a', 'b', 'bundle');
  await mkdir(target, { recursive: true });
  await make(target, 'new');
  await make(join(parent, 'c', 'd'), 'other');
  expect(await manifestOf(target)).toBe('new');
  expect(await readdir(join(parent, 'a', 'b'))).toEqual(['bundle']);
});

test('replaces a bundle only when told to', async () => {
  const parent = await temporaryFolder();
  const target = join(parent, 'bundle');
  await make(target, 'old');
  await writeFile(join(target, 'old.data'), '');
  await expect(make(target, 'new')).rejects.toThrow(InvalidArgumentError);
  await expect(make(target, 'new')).rejects.toThrow(/holds a bundle already.*overwrite: true/);
  expect(await manifestOf(target)).toBe('old');
  await make(target, 'new', true);
  expect(await readdir(target)).toEqual(['ovis.json']);
  expect(await manifestOf(target)).toBe('new');
  expect(await readdir(parent)).toEqual(['bundle']);
});

describe.each([false, true])('never touches, overwrite %s,', (overwrite) => {
  test('a folder with other files', async () => {
    const target = await temporaryFolder();
    await writeFile(join(target, 'thesis.txt'), 'precious');
    await expect(make(target, 'new', overwrite)).rejects.toThrow(/holds other files and no bundle/);
    expect(await readdir(target)).toEqual(['thesis.txt']);
  });

  test('a file', async () => {
    const target = join(await temporaryFolder(), 'file');
    await writeFile(target, 'precious');
    await expect(make(target, 'new', overwrite)).rejects.toThrow(InvalidArgumentError);
    expect(await readFile(target, 'utf8')).toBe('precious');
  });

  test('what was put there in the meantime', async () => {
    const parent = await temporaryFolder();
    const target = join(parent, 'bundle');
    await using folder = await BundleFolder.create(target, 1000, overwrite);
    await mkdir(target);
    await writeFile(join(target, 'thesis.txt'), 'precious');
    await expect(folder.commit()).rejects.toThrow(InvalidArgumentError);
    expect(await readFile(join(target, 'thesis.txt'), 'utf8')).toBe('precious');
  });
});

test('tells how much space is missing before anything is written', async () => {
  const parent = await temporaryFolder();
  const creating = BundleFolder.create(join(parent, 'bundle'), 1e18, false);
  await expect(creating).rejects.toThrow(ModelFileError);
  await expect(creating).rejects.toThrow(/needs about 1000000000000 MB, but .* has \d+ MB left\. Free some space/);
  expect(await readdir(parent)).toEqual([]);
});

test('refuses a place below a file', async () => {
  const parent = await temporaryFolder();
  await writeFile(join(parent, 'file'), '');
  await expect(make(join(parent, 'file', 'bundle'), 'new')).rejects.toThrow(/cannot be made\. Choose another place/);
});
