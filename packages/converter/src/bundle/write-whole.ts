import type { FileDescription } from '@ovis/core';
import { OutputFile } from './output-file.ts';

/** Writes a file whose bytes are there already, and adds it to `files`. */
export async function writeWhole(
  folder: string,
  path: string,
  bytes: Uint8Array,
  files: FileDescription[],
): Promise<void> {
  await using file = await OutputFile.create(folder, path);
  await file.append(bytes);
  files.push(await file.finish());
}
