import { ModelFileError } from '@ovis/core';

/** Name of the file that tells which shard holds which tensor. */
export const INDEX_FILE = 'model.safetensors.index.json';

/** What an index tells. */
export type ShardIndex = {
  /** Shard by tensor name. */
  readonly fileOf: ReadonlyMap<string, string>;
  /** Bytes of all tensors as the index claims, where it does. */
  readonly totalBytes: number | null;
};

/** Far more shards than any checkpoint has; each is an open file. */
const MAX_SHARDS = 1_000;

/**
 * Checks the parsed `model.safetensors.index.json`. Shards must be plain file names, so that no index can
 * reach outside the checkpoint's folder.
 *
 * @throws ModelFileError when it is malformed.
 */
export function parseShardIndex(json: Readonly<Record<string, unknown>>): ShardIndex {
  const { weight_map: weightMap, metadata } = json;
  if (typeof weightMap !== 'object' || weightMap === null || Array.isArray(weightMap)) {
    fail('it has no object "weight_map"');
  }
  const fileOf = new Map<string, string>();
  for (const [tensor, file] of Object.entries(weightMap)) {
    if (typeof file !== 'string' || !isShardName(file)) {
      fail(
        `it places tensor ${show(tensor)} in ${show(file)}; expected the plain name of a .safetensors file beside it`,
      );
    }
    fileOf.set(tensor, file);
  }
  const shards = new Set(fileOf.values()).size;
  if (shards === 0 || shards > MAX_SHARDS) fail(`it names ${shards} shards; expected 1 to ${MAX_SHARDS}`);
  const total: unknown =
    typeof metadata === 'object' && metadata !== null && 'total_size' in metadata ? metadata.total_size : null;
  return { fileOf, totalBytes: typeof total === 'number' && Number.isSafeInteger(total) ? total : null };
}

/** No separators, no drive letters, no `..`, no control characters. */
function isShardName(file: string): boolean {
  return /^[\w.@+-]+\.safetensors$/u.test(file) && !file.startsWith('.');
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 120);
}

function fail(what: string): never {
  throw new ModelFileError(`${INDEX_FILE}: ${what}. Download the checkpoint's index again.`, {
    details: { file: INDEX_FILE },
  });
}
