import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderFiles } from './folder-files.ts';

let folder: string;
let files: FolderFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-folder-'));
  files = new FolderFiles(folder);
  await writeFile(
    join(folder, 'a.bin'),
    Uint8Array.from({ length: 100 }, (_, index) => index),
  );
});
afterAll(() => rm(folder, { recursive: true }));

test('reads pieces, whole files and hashes', async () => {
  await using file = await files.open('a.bin');
  expect(file.size).toBe(100);
  expect(await file.read(98, 2)).toEqual(Uint8Array.of(98, 99));
  expect((await files.readBytes('a.bin')).length).toBe(100);
  const heard: number[] = [];
  const found = await files.sha256('a.bin', { onBytes: (bytes) => heard.push(bytes) });
  expect(found).toBe(
    createHash('sha256')
      .update(await files.readBytes('a.bin'))
      .digest('hex'),
  );
  expect(heard).toEqual([100]);
});

test('a piece beyond the end is refused', async () => {
  await using file = await files.open('a.bin');
  await expect(file.read(99, 2)).rejects.toBeInstanceOf(ModelFileError);
});

test('a missing file is refused with the way out', async () => {
  await expect(files.open('b.bin')).rejects.toThrow(/missing.*again/s);
});

test.skipIf(process.platform === 'win32')('a link out of the folder is refused', async () => {
  await symlink('/etc/hostname', join(folder, 'link'));
  await expect(files.graph('link', [])).rejects.toThrow(/leads out/);
});

test('hashing ends when the signal says so', async () => {
  await expect(files.sha256('a.bin', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});
