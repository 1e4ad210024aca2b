import {
  asyncDispose,
  MANIFEST_FILE,
  ModelFileError,
  OvisError,
  StorageError,
  type GraphSource,
  type ModelFiles,
  type RandomAccessFile,
} from '@ovis/core';
import { startSha256, updateWithBlob } from './sha256.ts';

/** Small files are read whole; anything larger than this is not one. */
const MAX_WHOLE_FILE = 2 ** 27;

/** Where {@link BlobFiles} finds its files. */
export type BlobSource = {
  /** For messages. */
  readonly location: string;
  /** A file of the bundle, not read yet; null where there is none. */
  readonly blob: (path: string) => Promise<Blob | null>;
  /** Hashes that were computed already in this load, by path. */
  readonly knownHashes?: ReadonlyMap<string, string>;
};

/** The files of a bundle as Blobs, read piece by piece when they are needed. */
export class BlobFiles implements ModelFiles {
  readonly location: string;
  readonly #source: BlobSource;

  constructor(source: BlobSource) {
    this.location = source.location;
    this.#source = source;
  }

  async readBytes(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const blob = await this.#blob(path);
    if (blob.size > MAX_WHOLE_FILE) {
      throw new ModelFileError(
        `${this.location}/${path} has ${blob.size} bytes; at most ${MAX_WHOLE_FILE} are read at once.`,
      );
    }
    const bytes = await this.#read(path, blob);
    signal?.throwIfAborted();
    return bytes;
  }

  async sha256(
    path: string,
    { signal, onBytes }: { readonly signal?: AbortSignal; readonly onBytes?: (bytes: number) => void },
  ): Promise<string> {
    const blob = await this.#blob(path);
    const known = this.#source.knownHashes?.get(path);
    if (known !== undefined) {
      onBytes?.(blob.size);
      return known;
    }
    const hash = await startSha256();
    try {
      await updateWithBlob(hash, blob, { signal, ...(onBytes === undefined ? {} : { onBytes }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#unreadable(path, error);
    }
    return hash.digest();
  }

  async open(path: string): Promise<RandomAccessFile> {
    const blob = await this.#blob(path);
    return {
      size: blob.size,
      read: async (offset, length) => {
        if (offset + length > blob.size) {
          throw new ModelFileError(
            `${this.location}/${path} ends at byte ${blob.size}; ${length} bytes from ${offset} on were expected.`,
          );
        }
        return this.#read(path, blob.slice(offset, offset + length));
      },
      [asyncDispose]: () => Promise.resolve(),
    };
  }

  async graph(path: string, externalData: readonly string[]): Promise<GraphSource> {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return {
      kind: 'bytes',
      model: await this.readBytes(path),
      externalData: await Promise.all(
        externalData.map(async (file) => ({
          // A graph names its data relative to itself.
          location: file.startsWith(folder) ? file.slice(folder.length) : file,
          data: await this.#blob(file),
        })),
      ),
    };
  }

  async #blob(path: string): Promise<Blob> {
    let blob: Blob | null;
    try {
      blob = await this.#source.blob(path);
    } catch (error) {
      throw this.#unreadable(path, error);
    }
    if (blob !== null) return blob;
    throw new ModelFileError(
      `${this.location}/${path} is missing. ` +
        (path === MANIFEST_FILE
          ? 'Choose the folder, or all files, of a converted model: those beside ovis.json.'
          : 'Copy or download the bundle again, or convert the checkpoint again.'),
      { details: { file: path } },
    );
  }

  async #read(path: string, blob: Blob): Promise<Uint8Array> {
    try {
      return new Uint8Array(await blob.arrayBuffer());
    } catch (error) {
      throw this.#unreadable(path, error);
    }
  }

  #unreadable(path: string, cause: unknown): unknown {
    if (OvisError.isInstance(cause)) return cause;
    return new StorageError(
      `${this.location}/${path} can no longer be read: ${String(cause)}. It was changed or removed in the meantime, or access ` +
        'was taken back; load the model again.',
      { cause, details: { file: path } },
    );
  }
}
