import { createSHA256 } from 'hash-wasm';

/** A SHA-256 that takes bytes as they come, which WebCrypto does not. */
export type Sha256 = {
  readonly update: (bytes: Uint8Array) => void;
  /** Lower-case hexadecimal; afterwards the hash begins anew. */
  readonly digest: () => string;
  /** Forgets everything. */
  readonly reset: () => void;
};

/** Bytes that are hashed at once: a few milliseconds. */
const SLICE = 2 ** 20;

/** Starts a SHA-256. */
export async function startSha256(): Promise<Sha256> {
  const hash = await createSHA256();
  hash.init();
  return {
    update: (bytes) => {
      for (let at = 0; at < bytes.length; at += SLICE) hash.update(bytes.subarray(at, at + SLICE));
    },
    digest: () => {
      const hex = hash.digest('hex');
      hash.init();
      return hex;
    },
    reset: () => {
      hash.init();
    },
  };
}

/** Hashes a Blob without holding it in memory; `onBytes` hears the length of each piece. */
export async function updateWithBlob(
  hash: Sha256,
  blob: Blob,
  { signal, onBytes }: { readonly signal?: AbortSignal | undefined; readonly onBytes?: (bytes: number) => void } = {},
): Promise<void> {
  for (let at = 0; at < blob.size; at += SLICE) {
    signal?.throwIfAborted();
    const bytes = new Uint8Array(await blob.slice(at, at + SLICE).arrayBuffer());
    hash.update(bytes);
    onBytes?.(bytes.length);
  }
}

/** The SHA-256 of a short text. */
export async function sha256OfText(text: string): Promise<string> {
  const hash = await startSha256();
  hash.update(new TextEncoder().encode(text));
  return hash.digest();
}
