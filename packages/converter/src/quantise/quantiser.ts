import type { BlockArrays, BlockFormat } from '../weights/block-format.ts';
import type { RowBatch } from '../weights/row-batch.ts';

/** Rows that were put into blocks. */
export type QuantisedRows = {
  readonly rows: number;
  readonly columns: number;
  readonly arrays: BlockArrays;
  /** The first of the rows that holds NaN or an infinity, or -1. */
  readonly badRow: number;
};

/** Puts rows into blocks, here or in other threads; the bytes are the same. */
export interface Quantiser extends AsyncDisposable {
  /** Batches that are worth having on their way at once. */
  readonly depth: number;
  /** Begins with a batch. Its data may be reused as soon as the call returns. */
  quantise(batch: RowBatch, format: BlockFormat): Promise<QuantisedRows>;
  /** Gives back the arrays of a result that has been used. */
  release(result: QuantisedRows): void;
}
