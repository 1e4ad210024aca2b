import type { FileDescription } from '@ovis/core';
import type { Verification } from '../../bundle/verify-files.ts';
import { downloadFile } from './download/download-file.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { startSha256, updateWithBlob } from './sha256.ts';
import type { ModelStore } from './storage/model-store.ts';
import { removeFile, wholeFile } from './storage/stored-file.ts';
import type { WebEnvironment } from './web-environment.ts';

/** What goes with a file on its way. */
export type EnsureControl = {
  readonly environment: WebEnvironment;
  readonly signal: AbortSignal | undefined;
  readonly meter: ProgressMeter;
  readonly verify: Verification;
};

/**
 * Makes sure that a file is in the store, whole and right. Another tab that downloads the same file is waited for; if it
 * stops, this one goes on from there.
 */
export function ensureFile(
  file: FileDescription,
  url: URL,
  store: ModelStore,
  { environment, signal, meter, verify }: EnsureControl,
): Promise<void> {
  const ensure = async () => {
    const stored = await wholeFile(store, file);
    if (stored !== null) {
      if (verify === 'sizes' || (await isRight(file, stored, meter, signal))) {
        meter.reached(file, file.bytes);
        return;
      }
      await removeFile(store, file.sha256);
    }
    const onBytes = (bytes: number) => meter.reached(file, bytes);
    await downloadFile(file, url, store, { environment, signal, onBytes });
  };
  return store.kind === 'memory' ? ensure() : environment.locks.exclusive(`ovis-file-${file.sha256}`, ensure, signal);
}

/** Whether stored bytes still are those that were stored; unreadable ones are not. */
async function isRight(
  file: FileDescription,
  stored: Blob,
  meter: ProgressMeter,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const hash = await startSha256();
  let checked = 0;
  try {
    await updateWithBlob(hash, stored, {
      signal,
      onBytes: (bytes) => {
        checked += bytes;
        meter.checked(file, checked);
      },
    });
  } catch {
    signal?.throwIfAborted();
    return false;
  }
  return hash.digest() === file.sha256;
}
