import { asyncDispose } from '@ovis/core';
import { allocateBlocks, holdsBlocks, type BlockArrays, type BlockFormat } from '../weights/block-format.ts';
import { firstBadRow, quantiseRows } from '../weights/quantise-rows.ts';
import type { RowBatch } from '../weights/row-batch.ts';
import type { QuantisedRows, Quantiser } from './quantiser.ts';

/** Does the work in the caller's thread, a batch per call. A result's arrays are those of the next. */
export class QuantiserHere implements Quantiser {
  readonly depth = 1;
  #arrays: BlockArrays | null = null;

  quantise({ data, rows, columns }: RowBatch, format: BlockFormat): Promise<QuantisedRows> {
    const kept = this.#arrays;
    const arrays =
      kept !== null && holdsBlocks(kept, format, rows, columns) ? kept : allocateBlocks(format, rows, columns);
    this.#arrays = arrays;
    quantiseRows(data, rows, columns, format, arrays);
    return Promise.resolve({ rows, columns, arrays, badRow: firstBadRow(arrays.scales, format, rows, columns) });
  }

  release(): void {
    // The arrays are kept anyway.
  }

  async [asyncDispose](): Promise<void> {
    this.#arrays = null;
    return Promise.resolve();
  }
}
