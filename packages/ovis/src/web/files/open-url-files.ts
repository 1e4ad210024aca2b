import { asyncDispose, MANIFEST_FILE, type FileDescription, type OnProgress } from '@ovis/core';
import type { Verification } from '../../bundle/verify-files.ts';
import { BlobFiles } from './blob-files.ts';
import { bundleAddress } from './bundle-address.ts';
import { currentManifest } from './current-manifest.ts';
import { ensureFile } from './ensure-file.ts';
import { ProgressMeter } from './progress-meter.ts';
import { modelKey, readRecord, removeUnused, writeRecord } from './storage/model-records.ts';
import type { ModelStore } from './storage/model-store.ts';
import { noRoom, storageFailure } from './storage/storage-failures.ts';
import { storedBytes, wholeFile } from './storage/stored-file.ts';
import type { WebEnvironment } from './web-environment.ts';
import type { WebFiles } from './web-files.ts';

/** How a bundle is fetched. */
export type UrlFilesOptions = {
  /** Whether stored files are hashed again, or only their sizes compared. */
  readonly verify: Verification;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
};

/** One tab at a time changes what is remembered. */
const RECORDS_LOCK = 'ovis-models';

/** The lock that users of a model share and that deleting it needs alone. */
export const modelLock = (key: string): string => `ovis-model-${key}`;

/** Does what changes records, one tab after the other. */
export function withRecords<T>({ locks }: WebEnvironment, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return locks.exclusive(RECORDS_LOCK, work, signal);
}

/**
 * Opens a bundle from its address: what is not stored yet is downloaded, what is stored is checked and, where it is
 * damaged, downloaded again. What was downloaded until an abort or a failure is kept and used by the next call.
 *
 * @throws DownloadError, StorageError, ModelFileError, InvalidArgumentError; `signal.reason`.
 */
export async function openUrlFiles(
  url: URL,
  store: ModelStore,
  environment: WebEnvironment,
  { verify, signal, onProgress }: UrlFilesOptions,
): Promise<WebFiles> {
  const address = bundleAddress(url);
  const key = await modelKey(address.folder.href);
  const release = await environment.locks.share(modelLock(key), signal);
  let needed = 0;
  try {
    const stored = await readRecord(store, key, 'whole');
    const { manifest, text } = await currentManifest(address, stored, environment, signal);
    const files = distinct(manifest.files);
    needed = await missingBytes(store, files);
    if (store.kind !== 'memory') await assertRoom(needed, environment);
    const record = { url: address.folder.href, manifest: text, storedAt: Date.now(), files: hashesOf(files) };
    if (stored?.manifest !== text) {
      await withRecords(environment, () => writeRecord(store, key, 'begun', record), signal);
    }

    const meter = new ProgressMeter(files, onProgress);
    for (const file of files) {
      const control = { environment, signal, meter, verify };
      await ensureFile(file, address.fileUrl(file.path), store, control);
    }
    await withRecords(environment, async () => {
      if (stored?.manifest !== text) await writeRecord(store, key, 'whole', record);
      await removeUnused(store);
    });
    const byPath = new Map(manifest.files.map((file) => [file.path, file]));
    const manifestBlob = new Blob([text]);
    const source = new BlobFiles({
      location: address.location,
      blob: async (path) => {
        if (path === MANIFEST_FILE) return manifestBlob;
        const file = byPath.get(path);
        return file === undefined ? null : wholeFile(store, file);
      },
      // Hashed while they were downloaded, or just now.
      knownHashes: new Map(verify === 'sizes' ? [] : manifest.files.map(({ path, sha256 }) => [path, sha256])),
    });
    return Object.assign(source, {
      storage: store.kind === 'memory' ? ('none' as const) : store.kind,
      [asyncDispose]: () => Promise.resolve(release()),
    });
  } catch (error) {
    release();
    signal?.throwIfAborted();
    throw storageFailure(error, needed, await environment.freeSpace().catch(() => null));
  }
}

/** Equal files are stored once. */
function distinct(files: readonly FileDescription[]): readonly FileDescription[] {
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}

function hashesOf(files: readonly FileDescription[]): readonly string[] {
  return files.map(({ sha256 }) => sha256);
}

async function missingBytes(store: ModelStore, files: readonly FileDescription[]): Promise<number> {
  let missing = 0;
  for (const { sha256, bytes } of files) missing += Math.max(0, bytes - (await storedBytes(store, sha256)));
  return missing;
}

async function assertRoom(needed: number, { freeSpace }: WebEnvironment): Promise<void> {
  const free = await freeSpace();
  if (free !== null && needed > free) throw noRoom(needed, free);
}
