import {
  asyncDispose,
  DisposedError,
  InvalidArgumentError,
  type ModelFiles,
  type RandomAccessFile,
  type TableDescription,
} from '@ovis/core';
import { pauseWhenDue } from './pause-when-due.ts';
import { RowCache } from './row-cache.ts';
import { RowSource } from './row-source.ts';
import { tableLayout, type TableLayout } from './table-layout.ts';

/** Tables that take no more bytes than this in their files are held in memory. */
const MAX_BYTES_IN_MEMORY = 64 * 1024 * 1024;
/** Of larger tables, the rows used last are held: this many bytes of float32. */
const CACHE_BYTES = 16 * 1024 * 1024;
/** Bound on {@link EmbeddingTable.all}, in numbers: 1 GiB of float32. */
const MAX_ALL = 2 ** 28;
/** Rows decoded at a time by {@link EmbeddingTable.all}. */
const ROWS_PER_STEP = 1024;

/**
 * A matrix of a bundle whose rows are embeddings, read as needed: text embeddings `[N, D]`, visual indicators
 * `[indicators, D]`, learned positions. Up to 64 MB it lies in memory as stored; of a larger one the rows used
 * last do, so that writing an answer hardly ever waits for the disk. Quantised rows are expanded exactly as ONNX
 * Runtime expands them.
 */
export class EmbeddingTable implements AsyncDisposable {
  readonly #layout: TableLayout;
  readonly #sources: readonly RowSource[];
  readonly #files: readonly RandomAccessFile[];
  readonly #cache: RowCache;
  readonly #running = new Set<Promise<unknown>>();
  #disposal: Promise<void> | null = null;

  private constructor(layout: TableLayout, sources: readonly RowSource[], files: readonly RandomAccessFile[]) {
    this.#layout = layout;
    this.#sources = sources;
    this.#files = files;
    this.#cache = new RowCache(files.length === 0 ? 0 : Math.floor(CACHE_BYTES / (4 * layout.columns)));
  }

  /**
   * Opens the table that a bundle's manifest describes. Whoever opens it disposes it.
   *
   * @throws ModelFileError when the description contradicts itself or its files.
   */
  static async open(description: TableDescription, files: ModelFiles): Promise<EmbeddingTable> {
    const layout = tableLayout(description);
    const opened = new Map<string, RandomAccessFile>();
    const close = (): Promise<unknown> => Promise.all([...opened.values()].map((file) => file[asyncDispose]()));
    try {
      const sources: RowSource[] = [];
      for (const array of layout.arrays) {
        const path = array.range.file;
        const file = opened.get(path) ?? (await files.open(path));
        opened.set(path, file);
        sources.push(new RowSource(array, file));
      }
      const bytes = layout.arrays.reduce((sum, { range }) => sum + range.length, 0);
      if (bytes > MAX_BYTES_IN_MEMORY) return new EmbeddingTable(layout, sources, [...opened.values()]);
      for (const source of sources) await source.load();
      await close();
      return new EmbeddingTable(layout, sources, []);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Rows of the table. */
  get rows(): number {
    return this.#layout.rows;
  }

  /** Numbers per row. */
  get columns(): number {
    return this.#layout.columns;
  }

  /**
   * Some rows in the order asked for; a row may be asked for more than once.
   *
   * @returns `[n, columns]`, float32, owned by the caller.
   * @throws InvalidArgumentError when an index is outside the table.
   * @throws DisposedError after disposal.
   */
  read(rows: readonly number[]): Promise<Float32Array> {
    return this.#run(async () => {
      for (const row of rows) this.#checkRow(row);
      const { columns } = this.#layout;
      const result = new Float32Array(rows.length * columns);
      const decoded = await this.#decode(rows);
      for (const [index, row] of rows.entries()) {
        const values = decoded.get(row);
        if (values !== undefined) result.set(values, index * columns);
      }
      return result;
    });
  }

  /**
   * The whole table, for those that are small.
   *
   * @returns `[rows, columns]`, float32, owned by the caller.
   * @throws InvalidArgumentError when that is more than 1 GiB.
   * @throws DisposedError after disposal.
   */
  async all(): Promise<Float32Array> {
    const { rows, columns } = this.#layout;
    if (rows * columns > MAX_ALL) {
      throw new InvalidArgumentError(`A table of ${rows} x ${columns} is too large to be taken whole. Read its rows.`);
    }
    const result = new Float32Array(rows * columns);
    for (let start = 0; start < rows; start += ROWS_PER_STEP) {
      const step = Array.from({ length: Math.min(ROWS_PER_STEP, rows - start) }, (_, index) => start + index);
      result.set(await this.read(step), start * columns);
    }
    return result;
  }

  /** Frees memory and closes files once running reads have ended. Harmless when repeated. */
  dispose(): Promise<void> {
    this.#disposal ??= (async () => {
      await Promise.allSettled(this.#running);
      await Promise.all(this.#files.map((file) => file[asyncDispose]()));
    })();
    return this.#disposal;
  }

  /** Closes the table's files; calling it again is harmless. */
  [asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#disposal !== null) throw new DisposedError('The embedding table is disposed. Open it again.');
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** The values of each distinct row. */
  async #decode(rows: readonly number[]): Promise<Map<number, Float32Array>> {
    const { columns, decodeRow } = this.#layout;
    const decoded = new Map<number, Float32Array>();
    const missing = new Set<number>();
    for (const row of rows) {
      const cached = this.#cache.get(row);
      if (cached === undefined) missing.add(row);
      else decoded.set(row, cached);
    }
    const ordered = [...missing].toSorted((a, b) => a - b);
    const arrays = await Promise.all(this.#sources.map((source) => source.read(ordered)));
    const pause = pauseWhenDue();
    for (const [index, row] of ordered.entries()) {
      await pause();
      const values = new Float32Array(columns);
      decodeRow(
        arrays.flatMap((found) => found[index] ?? []),
        values,
      );
      decoded.set(row, values);
      this.#cache.set(row, values);
    }
    return decoded;
  }

  #checkRow(row: number): void {
    if (!Number.isInteger(row) || row < 0 || row >= this.#layout.rows) {
      throw new InvalidArgumentError(
        `Row ${row} is outside the table, which has the rows 0 to ${this.#layout.rows - 1}.`,
      );
    }
  }
}
