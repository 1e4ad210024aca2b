import { elementCount } from '@ovis/core';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

/** Where an expression's tensors are read from. */
export interface TensorReader {
  /** Fills `into` with elements of a tensor as float32, row-major, from element `start` on. */
  read(name: string, start: number, into: Float32Array): Promise<void>;
}

/** Fills `into` with elements of the expression's value, row-major, from element `start` on. */
export async function readExpression(
  expression: WeightExpression,
  tensors: TensorReader,
  start: number,
  into: Float32Array,
): Promise<void> {
  switch (expression.op) {
    case 'tensor':
      return tensors.read(expression.name, start, into);
    case 'values':
      into.set(expression.data.subarray(start, start + into.length));
      return;
    case 'reshape':
      return readExpression(expression.of, tensors, start, into);
    case 'rows':
      return readExpression(expression.of, tensors, expression.start * rowLength(expression) + start, into);
    case 'add':
      await readExpression(expression.of, tensors, start, into);
      for (let index = 0; index < into.length; index++) into[index] = (into[index] ?? 0) + expression.value;
      return;
    case 'concat':
      return readConcat(expression.parts, tensors, start, into);
    case 'interleave':
      return readInterleaved(expression.parts, tensors, rowLength(expression), start, into);
  }
}

async function readConcat(
  parts: readonly WeightExpression[],
  tensors: TensorReader,
  start: number,
  into: Float32Array,
): Promise<void> {
  const end = start + into.length;
  let partStart = 0;
  for (const part of parts) {
    const partEnd = partStart + elementCount(expressionShape(part));
    const [from, to] = [Math.max(start, partStart), Math.min(end, partEnd)];
    if (from < to) await readExpression(part, tensors, from - partStart, into.subarray(from - start, to - start));
    partStart = partEnd;
    if (partStart >= end) return;
  }
}

/** Reads the rows that are needed of each part in one go, and deals them out. */
async function readInterleaved(
  parts: readonly WeightExpression[],
  tensors: TensorReader,
  row: number,
  start: number,
  into: Float32Array,
): Promise<void> {
  const end = start + into.length;
  const firstRow = Math.floor(start / row);
  const lastRow = Math.ceil(end / row);
  for (const [index, part] of parts.entries()) {
    const [first, last] = [firstRow, lastRow].map((bound) => Math.ceil((bound - index) / parts.length));
    if (first === undefined || last === undefined || first >= last) continue;
    const rows = new Float32Array((last - first) * row);
    await readExpression(part, tensors, first * row, rows);
    for (let taken = 0; taken < last - first; taken++) {
      const place = ((first + taken) * parts.length + index) * row;
      const [from, to] = [Math.max(start, place), Math.min(end, place + row)];
      into.set(rows.subarray(taken * row + from - place, taken * row + to - place), from - start);
    }
  }
}

function rowLength(expression: WeightExpression): number {
  return elementCount(expressionShape(expression).slice(1));
}
