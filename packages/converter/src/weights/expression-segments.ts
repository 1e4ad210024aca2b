import { elementCount } from '@ovis/core';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** A stretch of elements of one tensor, or of computed numbers. */
export type Segment = {
  readonly from: Extract<WeightExpression, { readonly op: 'tensor' | 'values' }>;
  /** First element inside `from`. */
  readonly start: number;
  /** Elements. */
  readonly length: number;
};

/**
 * Tells which stretches of which tensors elements `start` to `start + length` of an expression take. Their order
 * is that of the elements, but for interleaved rows, which are told part by part (with whole rows at both ends).
 */
export function segmentsOf(
  expression: WeightExpression,
  start = 0,
  length = elementCount(expressionShape(expression)) - start,
): readonly Segment[] {
  switch (expression.op) {
    case 'tensor':
    case 'values':
      return [{ from: expression, start, length }];
    case 'reshape':
      return segmentsOf(expression.of, start, length);
    case 'rows': {
      const rowElements = elementCount(expressionShape(expression).slice(1));
      return segmentsOf(expression.of, expression.start * rowElements + start, length);
    }
    case 'add':
      return segmentsOf(expression.of, start, length);
    case 'concat':
      return concatSegments(expression.parts, start, start + length);
    case 'interleave': {
      const { parts } = expression;
      const rowElements = elementCount(expressionShape(expression).slice(1));
      const [firstRow, lastRow] = [Math.floor(start / rowElements), Math.ceil((start + length) / rowElements)];
      return parts.flatMap((part, index) => {
        const first = Math.ceil((firstRow - index) / parts.length);
        const last = Math.ceil((lastRow - index) / parts.length);
        return first < last ? segmentsOf(part, first * rowElements, (last - first) * rowElements) : [];
      });
    }
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
