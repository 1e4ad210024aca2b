import type { ModelStore } from './model-store.ts';
import { hashOfName, removeFile } from './stored-file.ts';
import { sha256OfText } from '../sha256.ts';

/** What is remembered of a model besides its files. */
export type ModelRecord = {
  /** Address of its folder. */
  readonly url: string;
  /** Its `ovis.json`, as the server gave it. */
  readonly manifest: string;
  /** When it was stored, milliseconds since 1970. */
  readonly storedAt: number;
  /** Hashes of its files. */
  readonly files: readonly string[];
};

/** A model that is whole, or one whose download has begun. */
export type RecordState = 'whole' | 'begun';

/** The key of a model: a hash of its folder's address. */
export async function modelKey(url: string): Promise<string> {
  return (await sha256OfText(url)).slice(0, 32);
}

/** A record, or null where there is none that can be read. */
export async function readRecord(store: ModelStore, key: string, state: RecordState): Promise<ModelRecord | null> {
  const text = await store.readText(recordName(key, state));
  return text === null ? null : parseRecord(text);
}

/** Writes a record; a whole model's replaces that of its download. */
export async function writeRecord(
  store: ModelStore,
  key: string,
  state: RecordState,
  record: ModelRecord,
): Promise<void> {
  await store.writeText(recordName(key, state), JSON.stringify(record));
  if (state === 'whole') await store.remove(recordName(key, 'begun'));
}

/** Removes what is remembered of a model; its files are left to {@link removeUnused}. */
export async function removeRecords(store: ModelStore, key: string): Promise<void> {
  await store.remove(recordName(key, 'whole'));
  await store.remove(recordName(key, 'begun'));
}

/** All records, by key. */
export async function allRecords(
  store: ModelStore,
): Promise<readonly { readonly key: string; readonly state: RecordState; readonly record: ModelRecord }[]> {
  const found = [];
  for (const name of await store.names()) {
    const [, key, state] = /^model-([0-9a-f]{32})\.(whole|begun)\.json$/u.exec(name) ?? [];
    if (key === undefined || (state !== 'whole' && state !== 'begun')) continue;
    const record = await readRecord(store, key, state);
    if (record !== null) found.push({ key, state, record } as const);
  }
  return found;
}

/** Removes files that no record names: those of deleted models and of versions that were replaced. */
export async function removeUnused(store: ModelStore): Promise<void> {
  const used = new Set((await allRecords(store)).flatMap(({ record }) => record.files));
  const hashes = new Set((await store.names()).flatMap((name) => hashOfName(name) ?? []));
  for (const hash of hashes) if (!used.has(hash)) await removeFile(store, hash);
}

function recordName(key: string, state: RecordState): string {
  return `model-${key}.${state}.json`;
}

/** What a crash in the middle of writing has left counts as nothing. */
function parseRecord(text: string): ModelRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { url, manifest, storedAt, files } = value as Readonly<Record<string, unknown>>;
    if (typeof url !== 'string' || typeof manifest !== 'string' || typeof storedAt !== 'number') return null;
    if (!Array.isArray(files) || !files.every((file) => typeof file === 'string')) return null;
    return { url, manifest, storedAt, files };
  } catch {
    return null;
  }
}
