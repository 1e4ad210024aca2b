import { elementCount } from '@ovis/core';
import type { QuantisedRows, Quantiser } from '../quantise/quantiser.ts';
import type { BlockFormat } from './block-format.ts';
import type { BlockBatch } from './import-blocks.ts';
import { defaultLimits, matrixRows } from './matrix-rows.ts';
import { notFinite } from './not-finite.ts';
import type { TensorReader } from './read-expression.ts';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** Batches smaller than this cost more to send than to work on. */
const SMALLEST_BATCH = 32 * 1024;

/** What rows are read and put into blocks with. */
export type QuantisedBatchesOptions = { readonly tensors: TensorReader; readonly quantiser: Quantiser };

/**
 * Rows of a weight in blocks that are computed, in order. As many batches as the quantiser takes at once are on
 * their way while earlier ones are written; the arrays of one are valid until the next is asked for.
 */
export async function* quantisedBatches(
  expression: WeightExpression,
  format: BlockFormat,
  transposed: boolean,
  { tensors, quantiser }: QuantisedBatchesOptions,
): AsyncGenerator<BlockBatch, void, undefined> {
  const finish = async ({ firstRow, result }: Pending): Promise<QuantisedRows> => {
    const done = await result;
    if (done.badRow !== -1) notFinite(expression, firstRow + done.badRow);
    return done;
  };
  const pending: Pending[] = [];
  for await (const batch of matrixRows(expression, tensors, transposed, limitsFor(expression, quantiser))) {
    const oldest = pending.length === quantiser.depth ? pending.shift() : undefined;
    if (oldest !== undefined) {
      const done = await finish(oldest);
      yield done;
      quantiser.release(done);
    }
    const result = quantiser.quantise(batch, format);
    result.catch(() => undefined); // thrown where it is waited for, if that is reached
    pending.push({ firstRow: batch.firstRow, result });
  }
  for (const rest of pending) {
    const done = await finish(rest);
    yield done;
    quantiser.release(done);
  }
}

type Pending = { readonly firstRow: number; readonly result: Promise<QuantisedRows> };

/** Small weights are cut finer, so that every thread gets a share. */
function limitsFor(expression: WeightExpression, { depth }: Quantiser) {
  const share = Math.ceil(elementCount(expressionShape(expression)) / (2 * depth));
  const batch = Math.min(defaultLimits.batch, Math.max(SMALLEST_BATCH, share));
  return depth === 1 ? defaultLimits : { ...defaultLimits, batch };
}
