import type { FileWriter, ModelStore } from './model-store.ts';
import { PieceWriter } from './piece-writer.ts';

/** Keeps models only as long as the page; as Blobs, which a browser may hold outside its memory. */
export class MemoryStore implements ModelStore {
  readonly kind: ModelStore['kind'];
  readonly #texts = new Map<string, string>();
  readonly #files = new Map<string, Blob[]>();

  /** @param kind - What to pass for, in tests. */
  constructor(kind: ModelStore['kind'] = 'memory') {
    this.kind = kind;
  }

  names(): Promise<readonly string[]> {
    return Promise.resolve([...this.#texts.keys(), ...this.#files.keys()]);
  }

  readText(name: string): Promise<string | null> {
    return Promise.resolve(this.#texts.get(name) ?? null);
  }

  writeText(name: string, text: string): Promise<void> {
    this.#texts.set(name, text);
    return Promise.resolve();
  }

  blob(name: string): Promise<Blob | null> {
    const pieces = this.#files.get(name);
    return Promise.resolve(pieces === undefined ? null : new Blob(pieces));
  }

  append(name: string): Promise<FileWriter> {
    const pieces = this.#files.get(name) ?? [];
    this.#files.set(name, pieces);
    const sink = {
      put: (piece: Blob) => {
        pieces.push(piece);
        return Promise.resolve();
      },
      clear: () => {
        pieces.length = 0;
        return Promise.resolve();
      },
    };
    return Promise.resolve(new PieceWriter(sink, { pieces: pieces.length, bytes: new Blob(pieces).size }));
  }

  remove(name: string): Promise<void> {
    this.#texts.delete(name);
    this.#files.delete(name);
    return Promise.resolve();
  }
}
