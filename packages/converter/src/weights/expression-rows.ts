import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** Whole rows of one tensor of the checkpoint. */
export type RowRun = { readonly tensor: string; readonly first: number; readonly count: number };

/**
 * Tells which rows of which tensors rows `first` to `first + count` of a matrix are, in order. Null where they are
 * computed, or put together of other pieces than rows.
 */
export function expressionRows(expression: WeightExpression, first: number, count: number): readonly RowRun[] | null {
  switch (expression.op) {
    case 'tensor':
      return [{ tensor: expression.name, first, count }];
    case 'rows':
      return expressionRows(expression.of, expression.start + first, count);
    case 'concat':
      return concatRows(expression.parts, first, first + count);
    case 'beside':
    case 'reshape':
    case 'add':
    case 'values':
      return null;
  }
}

function concatRows(parts: readonly WeightExpression[], first: number, end: number): readonly RowRun[] | null {
  const runs: RowRun[] = [];
  let partFirst = 0;
  for (const part of parts) {
    const partEnd = partFirst + (expressionShape(part)[0] ?? 0);
    const [from, to] = [Math.max(first, partFirst), Math.min(end, partEnd)];
    if (from < to) {
      const found = expressionRows(part, from - partFirst, to - from);
      if (found === null) return null;
      runs.push(...found);
    }
    partFirst = partEnd;
  }
  return runs;
}
