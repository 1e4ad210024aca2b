import { InvalidArgumentError, type OnProgress } from '@ovis/core';
import type { Verification } from '../../bundle/verify-files.ts';
import { browserEnvironment } from './browser-environment.ts';
import { folderFiles, listedFiles } from './given-files.ts';
import { openUrlFiles } from './open-url-files.ts';
import { openStore, type StorageChoice } from './storage/open-store.ts';
import type { WebFiles } from './web-files.ts';

/** How the files of a bundle are opened. */
export type WebFilesOptions = {
  /**
   * Where a bundle from an address is kept: `opfs` (private files of the origin; needs a worker), `cache` (Cache API),
   * `none` (until the page is closed), or `auto`: the first of them that there is. Default: `auto`.
   */
  readonly storage?: StorageChoice | undefined;
  /** Whether stored files are hashed on every visit (`full`, and `auto` in browsers) or only their sizes compared. Default: `full`. */
  readonly verify?: Verification | undefined;
  /** Ends it; what was downloaded is kept for the next time. The promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of bytes downloaded (`download`) and of stored ones hashed (`verify`). */
  readonly onProgress?: OnProgress | undefined;
};

/**
 * Opens the files of a bundle: from the address of its folder, a folder that the user opened, or a list of files.
 *
 * @throws DownloadError, StorageError, ModelFileError, BackendUnavailableError, InvalidArgumentError; `signal.reason`.
 */
export async function openWebFiles(
  source: string | URL | FileSystemDirectoryHandle | readonly File[],
  options: WebFilesOptions = {},
): Promise<WebFiles> {
  const { storage = 'auto', verify = 'full', signal, onProgress } = options;
  signal?.throwIfAborted();
  if (isList(source)) return listedFiles(source);
  if (typeof source !== 'string' && !(source instanceof URL)) return folderFiles(source);
  const store = await openStore(storage);
  return openUrlFiles(absolute(source), store, browserEnvironment(), { verify, signal, onProgress });
}

function isList(source: unknown): source is readonly File[] {
  return Array.isArray(source);
}

function absolute(source: string | URL): URL {
  try {
    return new URL(source, globalThis.location?.href);
  } catch (cause) {
    throw new InvalidArgumentError(`The model is ${JSON.stringify(source)}, which is no address.`, { cause });
  }
}
