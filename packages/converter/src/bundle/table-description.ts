import type { TableDescription } from '@ovis/core';
import type { WrittenWeight } from '../weights/write-weight.ts';
import { expressionShape, type GraphWeight } from '../weights/weight-expression.ts';

/** What the manifest says of a table that was written. */
export function tableDescription({ expression, storage }: GraphWeight, written: WrittenWeight): TableDescription {
  const [rows = 0, columns = 0] = expressionShape(expression);
  if (storage.kind === 'blocks' && written.kind === 'blocks') {
    const { bits, blockSize } = storage;
    const { codes, scales, zeroPoints } = written;
    return { rows, columns, storage: 'blocks', bits, blockSize, codes, scales, zeroPoints };
  }
  if ((storage.kind === 'f32' || storage.kind === 'f16') && written.kind === 'floats') {
    return { rows, columns, storage: storage.kind, data: written.data };
  }
  throw new TypeError(`A ${storage.kind} table was written as ${written.kind}.`);
}
