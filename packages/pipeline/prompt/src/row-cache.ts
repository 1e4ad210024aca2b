/** The rows used last, decoded. */
export class RowCache {
  readonly #capacity: number;
  /** In the order of use, oldest first. */
  readonly #rows = new Map<number, Float32Array>();

  /** @param capacity - Rows to keep; 0 keeps none. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(row: number): Float32Array | undefined {
    const values = this.#rows.get(row);
    if (values === undefined) return undefined;
    this.#rows.delete(row);
    this.#rows.set(row, values);
    return values;
  }

  set(row: number, values: Float32Array): void {
    this.#rows.set(row, values);
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= this.#capacity) return;
      this.#rows.delete(oldest);
    }
  }
}
