import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncDispose, type FileDescription, type FileRange } from '@ovis/core';
import { diskErrors } from './disk-errors.ts';

/** Page size of memory-mapped files: a tensor that starts at a multiple is mapped without a copy. */
export const ALIGNMENT = 4096;

const zeros = new Uint8Array(ALIGNMENT);

/** A file of a bundle that is written from its start to its end and hashed on the way. */
export class OutputFile implements AsyncDisposable {
  /** Path inside the bundle. */
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  #size = 0;
  #open = true;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Creates a file that must not exist yet. */
  static async create(folder: string, path: string): Promise<OutputFile> {
    return new OutputFile(path, await diskErrors(path, () => open(join(folder, path), 'wx')));
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds bytes; they may be reused once the promise is fulfilled. */
  async append(data: ArrayBufferView): Promise<void> {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#hash.update(bytes);
    for (let done = 0; done < bytes.byteLength; ) {
      const { bytesWritten } = await diskErrors(this.path, () =>
        this.#handle.write(bytes, done, bytes.byteLength - done),
      );
      done += bytesWritten;
    }
    this.#size += bytes.byteLength;
  }

  /** Fills with zeros up to the next multiple of {@link ALIGNMENT}, where the next tensor begins. */
  async align(): Promise<void> {
    const excess = this.#size % ALIGNMENT;
    if (excess > 0) await this.append(zeros.subarray(excess));
  }

  /** The bytes from `offset` to here. */
  rangeFrom(offset: number): FileRange {
    return { file: this.path, offset, length: this.#size - offset };
  }

  /** Puts everything on disk and closes the file. */
  async finish(): Promise<FileDescription> {
    await diskErrors(this.path, () => this.#handle.datasync());
    await this[asyncDispose]();
    return { path: this.path, bytes: this.#size, sha256: this.#hash.digest('hex') };
  }

  /** Closes the file, finished or not. */
  async [asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#handle.close();
  }
}
