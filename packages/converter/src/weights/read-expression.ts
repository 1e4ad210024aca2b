import { segmentsOf } from './expression-segments.ts';
import type { WeightExpression } from './weight-expression.ts';

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
  let done = 0;
  for (const segment of segmentsOf(expression, start, into.length)) {
    const part = into.subarray(done, done + segment.length);
    const { from } = segment;
    if (from.op === 'tensor') await tensors.read(from.name, segment.start, part);
    else part.set(from.data.subarray(segment.start, segment.start + segment.length));
    if (segment.add !== 0)
      for (let index = 0; index < part.length; index++) part[index] = (part[index] ?? 0) + segment.add;
    done += segment.length;
  }
}
