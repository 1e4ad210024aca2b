import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncDispose, ModelFileError } from '@ovis/core';

/** An open file of a checkpoint that is read from any position. Whoever opens it disposes it. */
export class PositionalFile implements AsyncDisposable {
  /** Name relative to the checkpoint, for messages. */
  readonly name: string;
  /** Bytes when it was opened. */
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(name: string, size: number, handle: FileHandle) {
    this.name = name;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws ModelFileError when there is no such file or it is no plain file. */
  static async open(folder: string, name: string): Promise<PositionalFile> {
    const path = join(folder, name);
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (cause) {
      throw new ModelFileError(`${path} cannot be read. Download the missing file, or check its permissions.`, {
        cause,
        details: { file: name },
      });
    }
    const stats = await handle.stat();
    if (!stats.isFile()) {
      await handle.close();
      throw new ModelFileError(`${path} is no file. Put the checkpoint's file of this name there.`, {
        details: { file: name },
      });
    }
    return new PositionalFile(name, stats.size, handle);
  }

  /** Fills `into` with the bytes from `position` on. */
  async read(position: number, into: Uint8Array): Promise<void> {
    let done = 0;
    while (done < into.byteLength) {
      const { bytesRead } = await this.#handle.read(into, done, into.byteLength - done, position + done);
      if (bytesRead === 0) {
        throw new ModelFileError(
          `${this.name}: expected ${into.byteLength} bytes at byte ${position}, but the file ends after ${done}. ` +
            'It is truncated or was changed while it was read: copy or download it again.',
          { details: { file: this.name } },
        );
      }
      done += bytesRead;
    }
  }

  async [asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
