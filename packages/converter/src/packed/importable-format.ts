import { expressionRows } from '../weights/expression-rows.ts';
import { expressionShape, type WeightExpression } from '../weights/weight-expression.ts';
import { sameFormat } from './packed-format.ts';
import type { PackedFormat, PackedReader } from './packed-reader.ts';

/** The one format of all rows of an expression, or null where they are not packed, or not all in the same way. */
export function importableFormat(
  expression: WeightExpression,
  packed: Pick<PackedReader, 'formatOf'>,
): PackedFormat | null {
  const rows = expressionRows(expression, 0, expressionShape(expression)[0] ?? 0);
  if (rows === null) return null;
  let common: PackedFormat | null = null;
  for (const { tensor } of rows) {
    const format = packed.formatOf(tensor) ?? null;
    if (format === null || (common !== null && !sameFormat(common, format))) return null;
    common ??= format;
  }
  return common;
}
