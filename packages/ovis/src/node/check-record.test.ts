import { mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { FileDescription } from '@ovis/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCheckRecord } from './check-record.ts';

let folder: string;
let records: string;
const files: readonly FileDescription[] = ['a.data', 'b.json'].map((path) => ({
  path,
  bytes: 4,
  sha256: '0'.repeat(64),
}));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-record-'));
  records = join(folder, 'records');
  for (const { path } of files) await writeFile(join(folder, path), 'four');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Finds the files right once they have not been written for a while. */
async function remember(): Promise<void> {
  await setTimeout(2100);
  await (await openCheckRecord(folder, files, records)).keep();
}

async function isCurrent(wanted = files): Promise<boolean> {
  return (await openCheckRecord(folder, wanted, records)).isCurrent;
}

test('files are known after they were found right, and only then', async () => {
  expect(await isCurrent()).toBe(false);
  await remember();
  expect(await isCurrent()).toBe(true);
});

test('files that were only just written are not remembered', async () => {
  await (await openCheckRecord(folder, files, records)).keep();
  expect(await isCurrent()).toBe(false);
});

test('a change while files were hashed is not remembered', async () => {
  await setTimeout(2100);
  const record = await openCheckRecord(folder, files, records);
  await writeFile(join(folder, 'a.data'), 'FOUR');
  await setTimeout(2100);
  await record.keep();
  expect(await isCurrent()).toBe(false);
});

test('every change is seen: other bytes of the same size, with the old time, or in the place of the old file', async () => {
  await remember();
  const times = [new Date(1e12), new Date(1e12)] as const;
  await utimes(join(folder, 'a.data'), ...times);
  await remember();
  await writeFile(join(folder, 'a.data'), 'FOUR');
  await utimes(join(folder, 'a.data'), ...times);
  expect(await isCurrent()).toBe(false);
  await remember();
  await writeFile(join(folder, 'new'), 'five');
  await rename(join(folder, 'new'), join(folder, 'b.json'));
  expect(await isCurrent()).toBe(false);
});

test('other hashes, files or folders are not known', async () => {
  await remember();
  expect(await isCurrent(files.map((file) => ({ ...file, sha256: '1'.repeat(64) })))).toBe(false);
  expect(await isCurrent(files.slice(1))).toBe(false);
});

test('where nothing can be written, nothing is remembered and nothing fails', async () => {
  await writeFile(records, 'a file where the folder should be');
  await remember();
  expect(await isCurrent()).toBe(false);
  expect(await readdir(folder)).not.toContain('records.tmp');
});
