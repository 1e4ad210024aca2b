/** How a matrix of the checkpoint is packed, where its integers can be kept as they are. */
export type PackedFormat = {
  readonly bits: 4 | 8;
  /** Inputs that share scale and zero point. */
  readonly groupSize: number;
  /**
   * The order in which the groups take the inputs: group 0 the first `groupSize` of them, and so on. Null where that
   * is the order of the inputs themselves.
   */
  readonly order: Int32Array | null;
};

/** Rows of a packed matrix, its integers apart: `value = scale * (code - zeroPoint)`. */
export type PackedRows = {
  /** One code per byte, `[rows, inputs]`, in the order of the inputs. */
  readonly codes: Uint8Array;
  /** `[rows, groups]`. */
  readonly scales: Float32Array;
  /** One per byte, `[rows, groups]`. */
  readonly zeroPoints: Uint8Array;
};

/** Matrices that the checkpoint holds as integers. */
export interface PackedReader {
  /** The format of a matrix; null when it is packed in no way that blocks can keep, undefined when it is not packed. */
  formatOf(name: string): PackedFormat | null | undefined;
  /** Rows `first` to `first + count` of a packed matrix. */
  rows(name: string, first: number, count: number): Promise<PackedRows>;
}
