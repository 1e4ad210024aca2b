import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { open, readFile, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import {
  asyncDispose,
  ModelFileError,
  type CheckRecord,
  type FileDescription,
  type GraphSource,
  type ModelFiles,
  type RandomAccessFile,
} from '@ovis/core';
import { openCheckRecord } from './check-record.ts';

/** Small files are read whole; anything larger than this is not one. */
const MAX_WHOLE_FILE = 2 ** 27;

/** The files of a bundle in a folder. */
export class FolderFiles implements ModelFiles {
  readonly location: string;
  readonly #records: string | null;

  /** @param records - Folder that remembers which files were found right; null to forget. */
  constructor(folder: string, records: string | null = null) {
    this.location = resolve(folder);
    this.#records = records;
  }

  async checkRecord(files: readonly FileDescription[]): Promise<CheckRecord> {
    for (const { path } of files) await this.#inside(path);
    if (this.#records === null) return { isCurrent: false, keep: async () => undefined };
    return openCheckRecord(this.location, files, this.#records);
  }

  async readBytes(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const file = await this.#inside(path);
    const { size } = await stat(file);
    if (size > MAX_WHOLE_FILE) {
      throw new ModelFileError(`${file} has ${size} bytes; at most ${MAX_WHOLE_FILE} are read at once.`);
    }
    try {
      return await readFile(file, { signal });
    } catch (error) {
      signal?.throwIfAborted(); // its reason, not Node's AbortError
      throw error;
    }
  }

  async sha256(
    path: string,
    { signal, onBytes }: { readonly signal?: AbortSignal; readonly onBytes?: (bytes: number) => void },
  ): Promise<string> {
    const hash = createHash('sha256');
    // Pieces of 1 MB take about a millisecond each, so the caller's event loop stays free.
    const stream: ReadStream = createReadStream(await this.#inside(path), { highWaterMark: 2 ** 20, signal });
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        onBytes?.(chunk.length);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
    return hash.digest('hex');
  }

  async open(path: string): Promise<RandomAccessFile> {
    const file = await this.#inside(path);
    return OpenFile.open(file);
  }

  async graph(path: string, externalData: readonly string[]): Promise<GraphSource> {
    for (const file of externalData) await this.#inside(file);
    return { kind: 'path', path: await this.#inside(path) };
  }

  /** Absolute path of a file of the bundle; links that lead out of the folder are refused. */
  async #inside(path: string): Promise<string> {
    const file = join(this.location, path);
    let real: string;
    let folder: string;
    try {
      [real, folder] = await Promise.all([realpath(file), realpath(this.location)]);
    } catch (cause) {
      throw new ModelFileError(
        `${file} is missing. Copy or download the bundle again, or convert the checkpoint again.`,
        {
          cause,
        },
      );
    }
    if (!real.startsWith(folder + sep)) {
      throw new ModelFileError(`${file} leads out of the bundle, to ${real}. Put real files into the bundle's folder.`);
    }
    return file;
  }
}

class OpenFile implements RandomAccessFile {
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle;
    this.#path = path;
    this.size = size;
  }

  static async open(path: string): Promise<OpenFile> {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      return new OpenFile(handle, path, size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) {
        throw new ModelFileError(
          `${this.#path} ends at byte ${offset + done}; ${length} bytes from ${offset} on were expected.`,
        );
      }
      done += bytesRead;
    }
    return bytes;
  }

  [asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}
