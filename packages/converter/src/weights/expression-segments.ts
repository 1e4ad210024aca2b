import { elementCount } from '@ovis/core';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** A stretch of an expression's elements that comes from one place, in row-major order. */
export type Segment = {
  readonly from: Extract<WeightExpression, { readonly op: 'tensor' | 'values' }>;
  /** First element inside `from`. */
  readonly start: number;
  /** Elements. */
  readonly length: number;
  /** Number that is added to each element. */
  readonly add: number;
};

/**
 * Tells where elements `start` to `start + length` of an expression come from. No operation of expressions turns a
 * matrix, so this is all that evaluating one needs.
 */
export function segmentsOf(
  expression: WeightExpression,
  start = 0,
  length = elementCount(expressionShape(expression)) - start,
): readonly Segment[] {
  switch (expression.op) {
    case 'tensor':
    case 'values':
      return [{ from: expression, start, length, add: 0 }];
    case 'reshape':
      return segmentsOf(expression.of, start, length);
    case 'rows': {
      const rowElements = elementCount(expressionShape(expression).slice(1));
      return segmentsOf(expression.of, expression.start * rowElements + start, length);
    }
    case 'add':
      return segmentsOf(expression.of, start, length).map(({ add, ...segment }) =>
        Object.assign(segment, { add: add + expression.value }),
      );
    case 'concat':
      return concatSegments(expression.parts, start, start + length);
    case 'beside':
      return besideSegments(expression, start, start + length);
  }
}

function concatSegments(parts: readonly WeightExpression[], start: number, end: number): readonly Segment[] {
  let partStart = 0;
  return parts.flatMap((part) => {
    const partEnd = partStart + elementCount(expressionShape(part));
    const from = Math.max(start, partStart);
    const to = Math.min(end, partEnd);
    const segments = from < to ? segmentsOf(part, from - partStart, to - from) : [];
    partStart = partEnd;
    return segments;
  });
}

/** Row by row, the stretch of each part that the row takes. */
function besideSegments(
  expression: Extract<WeightExpression, { readonly op: 'beside' }>,
  start: number,
  end: number,
): readonly Segment[] {
  const [, width = 0] = expressionShape(expression);
  const segments: Segment[] = [];
  for (let row = Math.floor(start / width); row * width < end; row++) {
    let partStart = row * width;
    for (const part of expression.parts) {
      const [, columns = 0] = expressionShape(part);
      const [from, to] = [Math.max(start, partStart), Math.min(end, partStart + columns)];
      if (from < to) segments.push(...segmentsOf(part, row * columns + from - partStart, to - from));
      partStart += columns;
    }
  }
  return segments;
}
