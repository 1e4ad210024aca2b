import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckRecord, FileDescription } from '@ovis/core';

/** Milliseconds after which a file's time of change tells every later change: clocks of file systems tick coarsely. */
const SETTLED = 2000;

/**
 * Looks up whether files were found to match their hashes earlier and have not been touched since: same device, inode,
 * size, time of modification, and time of change, which the system sets at every write and nobody can set back.
 *
 * @param folder - Absolute path of the files' folder.
 * @param records - Folder that keeps one small file per bundle. Where it cannot be written, nothing is remembered.
 */
export async function openCheckRecord(
  folder: string,
  files: readonly FileDescription[],
  records: string,
): Promise<CheckRecord> {
  const recordFile = join(records, `${createHash('sha256').update(folder).digest('hex').slice(0, 32)}.json`);
  const before = await stampsOf(folder, files);
  return {
    isCurrent: before.text === (await textOf(recordFile)),
    async keep() {
      const after = await stampsOf(folder, files);
      if (after.text !== before.text || Date.now() - after.lastChange < SETTLED) return;
      await write(records, recordFile, after.text);
    },
  };
}

/** Everything about the files that changes when they do. */
async function stampsOf(folder: string, files: readonly FileDescription[]) {
  const stats = await Promise.all(files.map(({ path }) => stat(join(folder, path), { bigint: true })));
  const stamps = stats.map(({ dev, ino, size, mtimeNs, ctimeNs }, index) => [
    files[index]?.path,
    files[index]?.sha256,
    ...[dev, ino, size, mtimeNs, ctimeNs].map(String),
  ]);
  return {
    text: JSON.stringify([folder, stamps]),
    lastChange: stats.reduce((last, { ctimeMs }) => Math.max(last, Number(ctimeMs)), 0),
  };
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

/** Without a record the files are hashed again next time; that is all that a full or read-only disk costs. */
async function write(folder: string, file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, text);
    await rename(draft, file);
  } catch {
    return;
  }
}
