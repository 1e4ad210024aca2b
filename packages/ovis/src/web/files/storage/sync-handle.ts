import { StorageError } from '@ovis/core';

/** A handle that another worker has just given up is free after a moment. */
const TRIES = 20;
const PAUSE_MS = 100;

/** What is used of `FileSystemSyncAccessHandle`, which TypeScript knows in workers only. */
export type SyncHandle = {
  getSize(): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
};

type SyncFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> };

/** Whether files can be written here: in workers, and not in every browser. */
export function hasSyncHandles(): boolean {
  return typeof FileSystemFileHandle === 'function' && 'createSyncAccessHandle' in FileSystemFileHandle.prototype;
}

/**
 * Opens a file to write it in place.
 *
 * @throws StorageError when it cannot be written here, or another tab writes it.
 */
export async function openSyncHandle(file: FileSystemFileHandle): Promise<SyncHandle> {
  if (!isSync(file)) {
    throw new StorageError('Models are written to private files in workers only. Load the model through `ovis/web`.');
  }
  for (let tries = 1; ; tries++) {
    try {
      return await file.createSyncAccessHandle();
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== 'NoModificationAllowedError') throw cause;
      if (tries === TRIES) {
        throw new StorageError(
          'A file of the model is being written by another tab of this site. Wait for it, or close that tab.',
          { cause },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function isSync(file: FileSystemFileHandle): file is SyncFileHandle {
  return 'createSyncAccessHandle' in file;
}
