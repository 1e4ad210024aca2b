import { asyncDispose } from '@ovis/core';
import { allocateBlocks, holdsBlocks, type BlockFormat } from '../weights/block-format.ts';
import type { RowBatch } from '../weights/row-batch.ts';
import type { BatchBuffers } from './protocol.ts';
import type { QuantiseLane } from './quantise-lane.ts';
import type { QuantisedRows, Quantiser } from './quantiser.ts';

/** Batches per thread: one in work, one that waits, so that no thread idles while the caller reads or writes. */
const BATCHES_PER_THREAD = 2;

/** Spreads batches over threads. No more arrays exist than batches are on their way. */
export class QuantisePool implements Quantiser {
  readonly depth: number;
  readonly #lanes: readonly [QuantiseLane, ...QuantiseLane[]];
  readonly #spare: BatchBuffers[] = [];
  readonly #buffersOf = new WeakMap<QuantisedRows, BatchBuffers>();

  /** Takes over the lanes, and ends them with itself. */
  constructor(lanes: readonly [QuantiseLane, ...QuantiseLane[]]) {
    this.#lanes = lanes;
    this.depth = lanes.length * BATCHES_PER_THREAD;
  }

  async quantise({ data, rows, columns }: RowBatch, format: BlockFormat): Promise<QuantisedRows> {
    const { values, arrays } = this.#take(data.length, format, rows, columns);
    values.set(data);
    const lane = this.#lanes.reduce((least, other) => (other.load < least.load ? other : least));
    const answer = await lane.ask({ values, arrays, rows, columns, format });
    const result = { rows, columns, arrays: answer.arrays, badRow: answer.badRow };
    this.#buffersOf.set(result, answer);
    return result;
  }

  release(result: QuantisedRows): void {
    const buffers = this.#buffersOf.get(result);
    if (buffers !== undefined && this.#spare.length < this.depth) this.#spare.push(buffers);
    this.#buffersOf.delete(result);
  }

  /** Ends all threads, whether they are idle or not. */
  async [asyncDispose](): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.end()));
  }

  #take(length: number, format: BlockFormat, rows: number, columns: number): BatchBuffers {
    const spare = this.#spare.pop();
    return {
      values: spare && spare.values.length >= length ? spare.values : new Float32Array(length),
      arrays:
        spare && holdsBlocks(spare.arrays, format, rows, columns)
          ? spare.arrays
          : allocateBlocks(format, rows, columns),
    };
  }
}
