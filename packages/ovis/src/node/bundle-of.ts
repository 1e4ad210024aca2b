import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { BUNDLE_VERSION, MANIFEST_FILE } from '@ovis/core';
import { converterVersion } from '@ovis/converter';
import { convertInWorker } from './convert-in-worker.ts';
import type { LoadOptions } from './load-options.ts';
import { findModel } from './model-folder.ts';

/** The bundle to load for a model folder, converted first where the folder is a checkpoint. */
export async function bundleOf(
  model: string | URL,
  { cacheFolder = defaultCacheFolder(), dtype = 'int8', device, onProgress, signal }: LoadOptions,
): Promise<{ readonly folder: string; readonly converted: boolean }> {
  const { kind, folder } = await findModel(model);
  if (kind === 'bundle') return { folder, converted: false };
  const target = device === 'webgpu' ? 'webgpu' : 'cpu';
  const key = await checkpointKey(folder, [dtype, target]);
  const bundle = join(cacheFolder, `${basename(folder).slice(0, 60)}-${dtype}-${target}-${key}`);
  if (await isFile(join(bundle, MANIFEST_FILE))) return { folder: bundle, converted: false };
  await mkdir(cacheFolder, { recursive: true });
  try {
    await convertInWorker(folder, bundle, { dtype, device: target, onProgress, signal });
  } catch (error) {
    // Another process may have put the same bundle there in the meantime.
    if (!(await isFile(join(bundle, MANIFEST_FILE)))) throw error;
  }
  return { folder: bundle, converted: true };
}

/**
 * Names what a conversion depends on: the folder, name, size and time of every file in it, its config, the
 * storage asked for and the version of the converter.
 */
async function checkpointKey(folder: string, choices: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([folder, BUNDLE_VERSION, converterVersion, ...choices]));
  for (const name of (await readdir(folder)).toSorted()) {
    const { size, mtimeMs } = await stat(join(folder, name));
    hash.update(JSON.stringify([name, size, mtimeMs]));
  }
  hash.update(await readFile(join(folder, 'config.json')));
  return hash.digest('hex').slice(0, 16);
}

/** Where converted checkpoints are kept unless told otherwise. */
export function defaultCacheFolder(): string {
  const { OVIS_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (OVIS_CACHE) return OVIS_CACHE;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'ovis', 'Cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ovis');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ovis');
}

/** Where it is remembered which bundles were found right. */
export function checkRecordFolder(cacheFolder = defaultCacheFolder()): string {
  return join(cacheFolder, 'verified');
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
