import { OvisError, StorageError } from '@ovis/core';

const wayOut =
  "Free disk space, delete stored models (deleteStoredModel), or load with storage: 'none', which keeps nothing.";

/** The error of a model that does not fit. */
export function noRoom(needed: number, free: number | null, cause?: unknown): StorageError {
  const missing = free === null ? null : Math.max(0, needed - free);
  const room =
    missing === null
      ? 'the browser has no room for them'
      : `the browser has room for ${bytes(free ?? 0)}: ${bytes(missing)} are missing`;
  return new StorageError(`${bytes(needed)} of the model are to be stored and ${room}. ${wayOut}`, {
    cause,
    details: { needed, free, missing },
  });
}

/**
 * Storage fails with errors of the browser; this makes them ours. Everything else passes through.
 *
 * @param needed - Bytes that were still to be stored.
 */
export function storageFailure(error: unknown, needed: number, free: number | null): unknown {
  if (OvisError.isInstance(error) || !(error instanceof Error)) return error;
  if (error.name === 'QuotaExceededError') return noRoom(needed, free, error);
  if (
    ['InvalidStateError', 'NotFoundError', 'NotReadableError', 'SecurityError', 'UnknownError'].includes(error.name)
  ) {
    return new StorageError(
      `The browser's storage of models failed: ${error.message}. Load the model again; if it stays so, delete the data of this site.`,
      { cause: error },
    );
  }
  return error;
}

/** A number of bytes for people and, exactly, for programs. */
function bytes(count: number): string {
  const megabytes = count / 1e6;
  return megabytes < 1 ? `${count} bytes` : `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB (${count} bytes)`;
}
