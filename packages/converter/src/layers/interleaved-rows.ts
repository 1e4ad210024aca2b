import type { WeightExpression } from '../weights/weight-expression.ts';

/**
 * Takes apart a matrix whose rows come in equal groups (one per head), each with a few rows of several kinds
 * one after another: gives one matrix per kind, its rows in the order of the groups.
 *
 * @param sizes - Rows of each kind in a group.
 */
export function interleavedRows(
  matrix: WeightExpression,
  groups: number,
  sizes: readonly number[],
): readonly WeightExpression[] {
  const group = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  return sizes.map((size): WeightExpression => {
    const first = before;
    before += size;
    const parts = Array.from({ length: groups }, (_, index): WeightExpression => {
      const start = index * group + first;
      return { op: 'rows', of: matrix, start, end: start + size };
    });
    return { op: 'concat', parts };
  });
}
