/** A stretch of whole rows. The data is reused: it is valid until the next stretch is asked for. */
export type RowBatch = {
  /** Number of the first row. */
  readonly firstRow: number;
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`. */
  readonly data: Float32Array;
};
