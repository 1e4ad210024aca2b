import type { FileWriter } from './model-store.ts';

/** Bytes that are collected before they are put away. */
const PIECE = 8 * 2 ** 20;

/** How a {@link PieceWriter} puts bytes away. */
export type PieceSink = {
  /** Adds a piece after the others. */
  readonly put: (piece: Blob, index: number) => Promise<void>;
  /** Removes all pieces. */
  readonly clear: () => Promise<void>;
};

/** Writes a file as pieces, for stores that cannot add to a file. */
export class PieceWriter implements FileWriter {
  readonly #sink: PieceSink;
  #stored: number;
  #count: number;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #waitingBytes = 0;

  /** @param begun - The pieces that are there already. */
  constructor(sink: PieceSink, begun: { readonly pieces: number; readonly bytes: number }) {
    this.#sink = sink;
    this.#count = begun.pieces;
    this.#stored = begun.bytes;
  }

  get length(): number {
    return this.#stored + this.#waitingBytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(new Uint8Array(bytes));
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= PIECE) await this.#flush();
  }

  async clear(): Promise<void> {
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#sink.clear();
    this.#stored = 0;
    this.#count = 0;
  }

  close(): Promise<void> {
    return this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#waitingBytes === 0) return;
    await this.#sink.put(new Blob(this.#waiting), this.#count);
    this.#stored += this.#waitingBytes;
    this.#count++;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
