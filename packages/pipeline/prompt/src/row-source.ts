import { ModelFileError, type RandomAccessFile } from '@ovis/core';
import type { StoredArray } from './table-layout.ts';

/** Gaps between wanted rows up to this many bytes are read over: cheaper than another request. */
const MAX_GAP_BYTES = 32 * 1024;
/** Bound on one request. */
const MAX_SPAN_BYTES = 1024 * 1024;
/** Requests at a time. */
const CONCURRENT_READS = 16;

/** Rows of one stored array, read from its file in few requests, or from memory. */
export class RowSource {
  readonly #array: StoredArray;
  readonly #file: RandomAccessFile;
  #whole: Uint8Array | null = null;

  /** @throws ModelFileError when the array reaches beyond the end of its file. */
  constructor(array: StoredArray, file: RandomAccessFile) {
    const { name, range } = array;
    if (range.offset + range.length > file.size) {
      throw new ModelFileError(
        `The ${name} of a table end at byte ${range.offset + range.length} of ${range.file}, which has ${file.size}. ` +
          'The file is truncated; copy or convert the model again.',
      );
    }
    this.#array = array;
    this.#file = file;
  }

  /** Keeps all rows in memory, so that the file is not needed any more. */
  async load(): Promise<void> {
    const { range } = this.#array;
    this.#whole = await this.#bytes(range.offset, range.length);
  }

  /** The bytes of rows, given in ascending order without repetition. Views, not to be changed. */
  async read(rows: readonly number[]): Promise<Uint8Array[]> {
    const { range, rowBytes } = this.#array;
    const whole = this.#whole;
    if (whole !== null) return rows.map((row) => whole.subarray(row * rowBytes, (row + 1) * rowBytes));
    const spans = spansOf(rows, rowBytes);
    const found: Uint8Array[] = [];
    for (let start = 0; start < spans.length; start += CONCURRENT_READS) {
      const batch = spans.slice(start, start + CONCURRENT_READS).map(async ({ first, last, wanted }) => {
        const bytes = await this.#bytes(range.offset + first * rowBytes, (last - first + 1) * rowBytes);
        return wanted.map((row) => bytes.subarray((row - first) * rowBytes, (row - first + 1) * rowBytes));
      });
      for (const row of (await Promise.all(batch)).flat()) found.push(row);
    }
    return found;
  }

  async #bytes(offset: number, length: number): Promise<Uint8Array> {
    const bytes = await this.#file.read(offset, length);
    if (bytes.byteLength !== length) {
      throw new ModelFileError(
        `Asked ${this.#array.range.file} for ${length} bytes at ${offset}, got ${bytes.byteLength}.`,
      );
    }
    return bytes;
  }
}

type Span = { readonly first: number; readonly last: number; readonly wanted: readonly number[] };

/** Groups rows that lie near each other. */
function spansOf(rows: readonly number[], rowBytes: number): Span[] {
  const spans: { first: number; last: number; wanted: number[] }[] = [];
  for (const row of rows) {
    const span = spans.at(-1);
    const isNear =
      span !== undefined &&
      (row - span.last - 1) * rowBytes <= MAX_GAP_BYTES &&
      (row - span.first + 1) * rowBytes <= MAX_SPAN_BYTES;
    if (!isNear) {
      spans.push({ first: row, last: row, wanted: [row] });
      continue;
    }
    span.last = row;
    span.wanted.push(row);
  }
  return spans;
}
