import { StorageError } from '@ovis/core';
import { parseManifest } from '../../bundle/parse-manifest.ts';
import { bundleAddress } from './bundle-address.ts';
import { browserEnvironment } from './browser-environment.ts';
import { modelLock, withRecords } from './open-url-files.ts';
import { allRecords, modelKey, removeRecords, removeUnused, type ModelRecord } from './storage/model-records.ts';
import type { ModelStore } from './storage/model-store.ts';
import { openAllStores } from './storage/open-store.ts';
import { storedBytes } from './storage/stored-file.ts';
import type { WebEnvironment } from './web-environment.ts';

/** A model in the browser's storage. */
export type StoredModel = {
  /** Address of its folder, as `Ovis.load` and {@link deleteStoredModel} take it. */
  readonly url: string;
  /** Name of the checkpoint. */
  readonly name: string;
  /** Bytes of all its files; equal files count once. */
  readonly bytes: number;
  /** Bytes of them that are stored; less than `bytes` while its download is not finished. */
  readonly storedBytes: number;
  /** Whether it loads without a network. */
  readonly whole: boolean;
  readonly storedAt: Date;
  readonly storage: 'opfs' | 'cache';
};

/** What the origin stores, and how much it may. */
export type StorageState = {
  /** Bytes that this site uses, models and all else. */
  readonly usedBytes: number;
  /** Bytes that it may use; the browser's estimate. */
  readonly quotaBytes: number;
  /** Whether the browser promises not to clear it when the disk gets full. */
  readonly persistent: boolean;
};

/** Models in the browser's storage, whole ones and begun downloads. Works on pages and in workers. */
export async function listStoredModels(): Promise<readonly StoredModel[]> {
  const lists = await Promise.all((await openAllStores()).map(modelsIn));
  return lists.flat();
}

/**
 * Deletes a model, or what a begun download has left of it. Files that another model uses, too, stay.
 *
 * @param url - Address of its folder, as it was loaded from.
 * @returns Whether there was one.
 * @throws StorageError when a tab has it loaded.
 */
export async function deleteStoredModel(url: string | URL): Promise<boolean> {
  const { folder } = bundleAddress(new URL(url, globalThis.location?.href));
  return deleteModel(folder.href, await openAllStores(), browserEnvironment());
}

/** How much is stored and may be. Null where the browser does not tell. */
export async function storageState(): Promise<StorageState | null> {
  if (!('storage' in navigator)) return null;
  const { usage, quota } = await navigator.storage.estimate();
  if (usage === undefined || quota === undefined) return null;
  return { usedBytes: usage, quotaBytes: quota, persistent: await navigator.storage.persisted() };
}

/**
 * Asks the browser to keep what this site stores even when the disk gets full. Some ask the user, most decide by
 * themselves. On pages only: workers cannot ask.
 *
 * @returns Whether it will.
 */
export async function keepStoredModels(): Promise<boolean> {
  if (!('storage' in navigator) || !('persist' in navigator.storage)) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

/** Models in one store. A begun download of a newer version of a whole model is part of that model. */
export async function modelsIn(store: ModelStore): Promise<readonly StoredModel[]> {
  const records = await allRecords(store);
  const whole = new Set(records.filter(({ state }) => state === 'whole').map(({ key }) => key));
  const models: StoredModel[] = [];
  for (const { key, state, record } of records) {
    if (store.kind === 'memory' || (state === 'begun' && whole.has(key))) continue;
    let stored = 0;
    for (const sha256 of record.files) stored += await storedBytes(store, sha256);
    const { name, bytes } = summaryOf(record) ?? { name: record.url, bytes: stored };
    models.push({
      url: record.url,
      name,
      bytes,
      storedBytes: stored,
      whole: state === 'whole',
      storedAt: new Date(record.storedAt),
      storage: store.kind,
    });
  }
  return models;
}

/** Null for a manifest of another version of this SDK, which is listed all the same. */
function summaryOf({ manifest, url }: ModelRecord): { readonly name: string; readonly bytes: number } | null {
  try {
    const { source, files } = parseManifest(new TextEncoder().encode(manifest), url);
    const sizes = new Map(files.map(({ sha256, bytes }) => [sha256, bytes]));
    return { name: source.name, bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) };
  } catch {
    return null;
  }
}

/** Deletes a model from all given stores. */
export async function deleteModel(
  url: string,
  stores: readonly ModelStore[],
  environment: WebEnvironment,
): Promise<boolean> {
  const key = await modelKey(url);
  const found = await environment.locks.ifFree(modelLock(key), () =>
    withRecords(environment, async () => {
      let any = false;
      for (const store of stores) {
        any ||= (await allRecords(store)).some((entry) => entry.key === key);
        await removeRecords(store, key);
        await removeUnused(store);
      }
      return any;
    }),
  );
  if (found !== null) return found;
  throw new StorageError(`${url} is loaded in a tab of this site. Dispose it or close the tab, then delete it.`, {
    details: { url },
  });
}
