import type { FileWriter, ModelStore } from './model-store.ts';
import { openSyncHandle, type SyncHandle } from './sync-handle.ts';

/** Keeps models in the origin's private files. Writing needs a worker; everything else works on pages, too. */
export class OpfsStore implements ModelStore {
  readonly kind = 'opfs';
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const name of this.#folder.keys()) names.push(name);
    return names;
  }

  async readText(name: string): Promise<string | null> {
    return (await (await this.blob(name))?.text()) ?? null;
  }

  async writeText(name: string, text: string): Promise<void> {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    if ('createWritable' in handle) {
      const writable = await handle.createWritable(); // replaces the file when it is closed
      await writable.write(text);
      await writable.close();
      return;
    }
    const writer = await this.append(name);
    try {
      await writer.clear();
      await writer.write(new TextEncoder().encode(text));
    } finally {
      await writer.close();
    }
  }

  async blob(name: string): Promise<Blob | null> {
    try {
      return await (await this.#folder.getFileHandle(name)).getFile();
    } catch (error) {
      if (isNamed(error, 'NotFoundError')) return null;
      throw error;
    }
  }

  async append(name: string): Promise<FileWriter> {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    return new OpfsWriter(await openSyncHandle(handle));
  }

  async remove(name: string): Promise<void> {
    try {
      await this.#folder.removeEntry(name);
    } catch (error) {
      if (!isNamed(error, 'NotFoundError')) throw error;
    }
  }
}

class OpfsWriter implements FileWriter {
  readonly #handle: SyncHandle;
  #length: number;

  constructor(handle: SyncHandle) {
    this.#handle = handle;
    this.#length = handle.getSize();
  }

  get length(): number {
    return this.#length;
  }

  write(bytes: Uint8Array): Promise<void> {
    const written = this.#handle.write(bytes, { at: this.#length });
    this.#length += written;
    // A browser may write less than asked for when its disk is full, without a word.
    if (written < bytes.length) throw new DOMException('The storage is full.', 'QuotaExceededError');
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#handle.truncate(0);
    this.#length = 0;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#handle.flush();
    this.#handle.close();
    return Promise.resolve();
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}
