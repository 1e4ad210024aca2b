import { BackendUnavailableError, InvalidArgumentError } from '@ovis/core';
import { CacheStore } from './cache-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { ModelStore } from './model-store.ts';
import { OpfsStore } from './opfs-store.ts';
import { hasSyncHandles } from './sync-handle.ts';

/** Where a model is kept. */
export type StorageChoice = 'auto' | 'opfs' | 'cache' | 'none';

/** Folder in the private files, and name of the cache. */
const NAME = 'ovis-models';

/**
 * Opens the storage to write models to.
 *
 * @throws BackendUnavailableError when the browser has not what was asked for; InvalidArgumentError.
 */
export async function openStore(choice: StorageChoice): Promise<ModelStore> {
  switch (choice) {
    case 'auto':
      return (hasSyncHandles() ? await opfsStore() : null) ?? (await cacheStore()) ?? new MemoryStore();
    case 'opfs': {
      const store = hasSyncHandles() ? await opfsStore() : null;
      if (store !== null) return store;
      throw unavailable('opfs', "has no private files that a worker can write. Use storage: 'cache' or 'auto'");
    }
    case 'cache': {
      const store = await cacheStore();
      if (store !== null) return store;
      throw unavailable(
        'cache',
        "has no Cache API here (pages need https: or localhost). Use storage: 'none' or 'auto'",
      );
    }
    case 'none':
      return new MemoryStore();
    default:
      throw new InvalidArgumentError(
        `storage is ${JSON.stringify(choice)}; expected 'auto', 'opfs', 'cache' or 'none'.`,
      );
  }
}

/** Every storage that may hold models, to list and delete them; also works on pages. */
export async function openAllStores(): Promise<readonly ModelStore[]> {
  const stores = [await opfsStore(), await cacheStore()];
  return stores.filter((store) => store !== null);
}

/** Null where there are no private files: old browsers, private windows of some, pages without https. */
async function opfsStore(): Promise<ModelStore | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return new OpfsStore(await root.getDirectoryHandle(NAME, { create: true }));
  } catch {
    return null;
  }
}

async function cacheStore(): Promise<ModelStore | null> {
  try {
    return new CacheStore(await caches.open(NAME));
  } catch {
    return null;
  }
}

function unavailable(choice: StorageChoice, what: string): BackendUnavailableError {
  return new BackendUnavailableError(`storage: '${choice}' was asked for, but this browser ${what}.`);
}
