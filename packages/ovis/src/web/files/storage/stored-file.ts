import type { FileDescription } from '@ovis/core';
import type { ModelStore } from './model-store.ts';

/** Files are stored under their hash, so equal files of several models are stored once. */
const wholeMark = (sha256: string) => `${sha256}.whole`;
const originNote = (sha256: string) => `${sha256}.from`;

/** Whether a name in a store is of a file, and of which. */
export function hashOfName(name: string): string | null {
  return /^([0-9a-f]{64})(\.whole|\.from)?$/u.exec(name)?.[1] ?? null;
}

/** The bytes of a file that was downloaded to its end and compared with its hash then; null where it was not. */
export async function wholeFile(store: ModelStore, { sha256, bytes }: FileDescription): Promise<Blob | null> {
  if ((await store.readText(wholeMark(sha256))) === null) return null;
  const blob = await store.blob(sha256);
  if (blob?.size === bytes) return blob;
  return blob === null && bytes === 0 ? new Blob([]) : null;
}

/** Bytes of a file that are there, whole or not. */
export async function storedBytes(store: ModelStore, sha256: string): Promise<number> {
  return (await store.blob(sha256))?.size ?? 0;
}

/** Says that a file is whole. The mark comes after the last byte, so a beginning never passes for the whole. */
export async function markWhole(store: ModelStore, { sha256, bytes }: FileDescription): Promise<void> {
  await store.writeText(wholeMark(sha256), String(bytes));
  await store.remove(originNote(sha256));
}

/** Removes a file with its marks, the mark first. */
export async function removeFile(store: ModelStore, sha256: string): Promise<void> {
  await store.remove(wholeMark(sha256));
  await store.remove(originNote(sha256));
  await store.remove(sha256);
}

/** Remembers where the beginning of a file came from. */
export async function rememberOrigin(store: ModelStore, sha256: string, url: URL, etag: string | null): Promise<void> {
  if (etag !== null) await store.writeText(originNote(sha256), JSON.stringify({ url: url.href, etag }));
}

/** The server's version of the file whose beginning is there; null where it is unknown or from another address. */
export async function partOrigin(store: ModelStore, sha256: string, url: URL): Promise<string | null> {
  const note = await store.readText(originNote(sha256));
  if (note === null) return null;
  try {
    const from: unknown = JSON.parse(note);
    if (typeof from !== 'object' || from === null || !('url' in from) || !('etag' in from)) return null;
    return from.url === url.href && typeof from.etag === 'string' ? from.etag : null;
  } catch {
    return null;
  }
}
