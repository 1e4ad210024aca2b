import type { FileWriter, ModelStore } from './model-store.ts';
import { PieceWriter } from './piece-writer.ts';

/** Entries need addresses; this one belongs to nobody. */
const BASE = 'https://models.invalid/';
const PIECE_DIGITS = 6;

/** Keeps models in the Cache API: a text is one entry, a file one entry for each of its pieces. */
export class CacheStore implements ModelStore {
  readonly kind = 'cache';
  readonly #cache: Cache;

  /** @param cache - Opened by the caller: `caches.open(...)`. */
  constructor(cache: Cache) {
    this.#cache = cache;
  }

  async names(): Promise<readonly string[]> {
    const paths = (await this.#cache.keys()).map(({ url }) => url.slice(BASE.length));
    return [...new Set(paths.map((path) => path.split('/', 1)[0] ?? ''))];
  }

  async readText(name: string): Promise<string | null> {
    return (await (await this.#cache.match(BASE + name))?.text()) ?? null;
  }

  writeText(name: string, text: string): Promise<void> {
    return this.#cache.put(BASE + name, new Response(text));
  }

  async blob(name: string): Promise<Blob | null> {
    const pieces: Blob[] = [];
    for (;;) {
      const response = await this.#cache.match(pieceUrl(name, pieces.length));
      if (response === undefined) break;
      pieces.push(await response.blob());
    }
    return pieces.length === 0 ? null : new Blob(pieces);
  }

  async append(name: string): Promise<FileWriter> {
    const begun = { pieces: 0, bytes: 0 };
    for (;;) {
      const response = await this.#cache.match(pieceUrl(name, begun.pieces));
      if (response === undefined) break;
      begun.bytes += (await response.blob()).size;
      begun.pieces++;
    }
    const put = (piece: Blob, index: number) => this.#cache.put(pieceUrl(name, index), new Response(piece));
    return new PieceWriter({ put, clear: () => this.#removePieces(name) }, begun);
  }

  async remove(name: string): Promise<void> {
    await this.#cache.delete(BASE + name);
    await this.#removePieces(name);
  }

  /** From the last to the first: an interrupted removal leaves a beginning, never a file with a hole. */
  async #removePieces(name: string): Promise<void> {
    let pieces = 0;
    while ((await this.#cache.match(pieceUrl(name, pieces))) !== undefined) pieces++;
    for (let index = pieces - 1; index >= 0; index--) await this.#cache.delete(pieceUrl(name, index));
  }
}

function pieceUrl(name: string, index: number): string {
  return `${BASE}${name}/${String(index).padStart(PIECE_DIGITS, '0')}`;
}
