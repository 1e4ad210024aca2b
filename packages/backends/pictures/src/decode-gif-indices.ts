import { nextTurn } from '@ovis/core';
import { damagedPicture } from './damaged-picture.ts';

/** Codes have at most 12 bits. */
const LARGEST_TABLE = 4096;

/** Indices that are written before the event loop gets its turn: a few milliseconds. */
const BAND = 2 ** 17;

/** What is known of the data before it is read. */
export type GifIndicesOptions = {
  /** Bits of a colour index, 1 to 8. */
  readonly codeBits: number;
  /** Pixels of the frame. */
  readonly count: number;
  readonly signal: AbortSignal | undefined;
};

/**
 * Colour indices of a frame: the variable-length codes of GIF (LZW). Data after the last pixel is not read.
 *
 * @throws ImageError when the data ends early or is damaged.
 */
export async function decodeGifIndices(
  blocks: Iterable<Uint8Array>,
  { codeBits, count, signal }: GifIndicesOptions,
): Promise<Uint8Array> {
  if (codeBits < 1 || codeBits > 8) throw damagedPicture('GIF', `its colour indices have ${codeBits} bits`);
  const table = new CodeTable(codeBits);
  const indices = new Uint8Array(count);
  let written = 0;
  let pause = BAND;
  let buffer = 0;
  let held = 0;
  for (const block of blocks) {
    if (written > pause) {
      pause = written + BAND;
      await nextTurn();
      signal?.throwIfAborted();
    }
    for (const byte of block) {
      buffer |= byte << held;
      held += 8;
      while (held >= table.bits) {
        const code = buffer & (2 ** table.bits - 1);
        buffer >>>= table.bits;
        held -= table.bits;
        if (code === table.end) throw damagedPicture('GIF', 'its data ends before its last pixel');
        if (code === table.clear) {
          table.reset();
          continue;
        }
        if (!table.add(code)) throw damagedPicture('GIF', 'it holds an impossible code');
        written = table.write(code, indices, written);
        if (written >= count) return indices;
      }
    }
  }
  throw damagedPicture('GIF', 'its data ends before its last pixel');
}

/** What each code stands for: another code and one more index. */
class CodeTable {
  /** The code that empties the table, and the one that ends the data. */
  readonly clear: number;
  readonly end: number;
  /** Bits of the next code. */
  bits: number;
  readonly #prefix = new Uint16Array(LARGEST_TABLE);
  readonly #first = new Uint8Array(LARGEST_TABLE);
  readonly #last = new Uint8Array(LARGEST_TABLE);
  readonly #length = new Uint16Array(LARGEST_TABLE);
  #next: number;
  #previous = -1;

  constructor(codeBits: number) {
    this.clear = 2 ** codeBits;
    this.end = this.clear + 1;
    for (let index = 0; index < this.clear; index++) {
      this.#first[index] = index;
      this.#last[index] = index;
      this.#length[index] = 1;
    }
    this.bits = codeBits + 1;
    this.#next = this.end + 1;
  }

  reset(): void {
    this.bits = Math.log2(this.clear) + 1;
    this.#next = this.end + 1;
    this.#previous = -1;
  }

  /** Adds the entry that `code` completes: what came before, and the first index of `code`. False if there is no such code. */
  add(code: number): boolean {
    const previous = this.#previous;
    if (code > this.#next || (code === this.#next && (previous === -1 || code === LARGEST_TABLE))) return false;
    if (previous !== -1 && this.#next < LARGEST_TABLE) {
      this.#prefix[this.#next] = previous;
      this.#first[this.#next] = this.#first[previous] ?? 0;
      // A code may name the very entry being added: that one begins as the one before.
      this.#last[this.#next] = this.#first[code === this.#next ? previous : code] ?? 0;
      this.#length[this.#next] = (this.#length[previous] ?? 0) + 1;
      this.#next++;
      if (this.#next === 2 ** this.bits && this.bits < 12) this.bits++;
    }
    this.#previous = code;
    return true;
  }

  /** Writes the indices of `code` from `start` on, as far as there is room; gives where they end. */
  write(code: number, indices: Uint8Array, start: number): number {
    const end = start + (this.#length[code] ?? 0);
    let rest = code;
    for (let at = end - 1; at >= start; at--) {
      if (at < indices.length) indices[at] = this.#last[rest] ?? 0;
      rest = this.#prefix[rest] ?? 0;
    }
    return end;
  }
}
