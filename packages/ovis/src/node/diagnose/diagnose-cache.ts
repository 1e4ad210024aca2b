import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaultCacheFolder } from '../bundle-of.ts';
import type { Finding } from './diagnosis-types.ts';
import { gigabytes } from './gigabytes.ts';

/** Where converted checkpoints are kept, what they take, and whether there may be more. */
export async function diagnoseCache(folder: string = defaultCacheFolder()): Promise<Finding> {
  const bundles = await bundlesIn(folder);
  const bytes = bundles.reduce((sum, bundle) => sum + bundle.bytes, 0);
  const place = await existingFolder(folder);
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const kept = bundles.length === 0 ? 'empty' : `${bundles.length} converted, ${gigabytes(bytes)}`;
  return {
    area: 'cache',
    state: writable ? 'good' : 'note',
    text: writable
      ? `${folder}: ${kept}, ${gigabytes(free)} free`
      : `${folder} cannot be written, so no checkpoint can be converted on loading. Set OVIS_CACHE to another folder`,
    more: [],
    details: { folder, writable, bytes, freeBytes: free, bundles },
  };
}

async function bundlesIn(folder: string): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map(async (name) => ({ name, bytes: await bytesIn(join(folder, name)) })));
}

/** Bytes of a file, or of a folder and all in it; 0 of what is gone in the meantime. Links are not followed. */
async function bytesIn(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return sizeOf(path);
  const sizes = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => sizeOf(join(parentPath, name)));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The folder, or the closest one above it that is there. */
async function existingFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  const parent = dirname(folder);
  return found?.isDirectory() === true || parent === folder ? folder : existingFolder(parent);
}
