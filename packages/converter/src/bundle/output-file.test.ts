import { createHash } from 'node:crypto';
import { open, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { diskErrors } from './disk-errors.ts';
import { ALIGNMENT, OutputFile } from './output-file.ts';

test('writes, aligns and hashes', async () => {
  const folder = await temporaryFolder();
  const file = await OutputFile.create(folder, 'a.data');
  await file.align();
  await file.append(Float32Array.of(1, 2));
  expect(file.rangeFrom(0)).toEqual({ file: 'a.data', offset: 0, length: 8 });
  await file.align();
  await file.align();
  expect(file.size).toBe(ALIGNMENT);
  await file.append(Uint8Array.of(1, 2, 3).subarray(1));
  const bytes = await file.finish().then(async (description) => {
    const content = await readFile(join(folder, 'a.data'));
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(description).toEqual({ path: 'a.data', bytes: ALIGNMENT + 2, sha256 });
    return content;
  });
  expect([...bytes.subarray(0, 9), ...bytes.subarray(ALIGNMENT)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64, 0, 2, 3]);
});

test('never writes over a file that is there', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.data'), 'precious');
  await expect(OutputFile.create(folder, 'a.data')).rejects.toThrow(ModelFileError);
  expect(await readFile(join(folder, 'a.data'), 'utf8')).toBe('precious');
});

/** Linux has a device on which every write fails for lack of space. */
test.runIf(process.platform === 'linux')('says when the disk is full', async () => {
  const folder = await temporaryFolder();
  await symlink('/dev/full', join(folder, 'full'));
  const writing = writeAll(join(folder, 'full'));
  await expect(writing).rejects.toThrow(ModelFileError);
  await expect(writing).rejects.toThrow(/The disk is full: a\.data could not be written\. Free some space/);
});

async function writeAll(path: string): Promise<void> {
  await using handle = await open(path, 'w');
  await diskErrors('a.data', () => handle.write(new Uint8Array(10)));
}
