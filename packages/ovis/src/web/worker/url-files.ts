import { asyncDispose, ModelFileError, type GraphSource, type ModelFiles, type RandomAccessFile } from '@ovis/core';

/** Files by URL, whole in memory. */
export class UrlFiles implements ModelFiles {
  readonly location: string;
  readonly #blobs = new Map<string, Promise<Blob>>();

  constructor(folder: URL) {
    this.location = folder.href;
  }

  async readBytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#blob(path)).arrayBuffer());
  }

  async sha256(path: string, { onBytes }: { readonly onBytes?: (bytes: number) => void }): Promise<string> {
    const bytes = await (await this.#blob(path)).arrayBuffer();
    onBytes?.(bytes.byteLength);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  async open(path: string): Promise<RandomAccessFile> {
    const blob = await this.#blob(path);
    return {
      size: blob.size,
      read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
      [asyncDispose]: () => Promise.resolve(),
    };
  }

  async graph(path: string, externalData: readonly string[]): Promise<GraphSource> {
    const model = await this.readBytes(path);
    const data = await Promise.all(
      externalData.map(async (location) => ({ location, data: await this.#blob(location) })),
    );
    return { kind: 'bytes', model, externalData: data };
  }

  #blob(path: string): Promise<Blob> {
    let blob = this.#blobs.get(path);
    if (blob === undefined) {
      blob = fetch(new URL(path, this.location)).then((response) => {
        if (!response.ok) throw new ModelFileError(`${response.url}: ${response.status}`);
        return response.blob();
      });
      this.#blobs.set(path, blob);
    }
    return blob;
  }
}
