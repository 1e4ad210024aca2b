import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'ovis/node';
import { encodeSafetensors, type NamedTensors } from './encode-safetensors.ts';

/**
 * Tells early when a file could not be written at a path.
 *
 * @throws InvalidArgumentError when its folder does not exist, or the path is a folder.
 */
export async function checkTarget(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const [parent, target] = await Promise.all([folder, path].map((place) => stat(place).catch(() => null)));
  if (parent?.isDirectory() !== true) {
    throw new InvalidArgumentError(`The folder ${folder} does not exist. Make it, or name another file with --out.`);
  }
  if (target?.isDirectory() === true) {
    throw new InvalidArgumentError(`${path} is a folder. Name a file with --out.`);
  }
}

/** Writes tensors as a safetensors file; an earlier file is replaced only when the new one is complete. */
export async function writeSafetensors(path: string, tensors: NamedTensors): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await writeFile(partial, encodeSafetensors(tensors));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
