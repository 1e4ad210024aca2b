import type { FileRange } from '@ovis/core';
import type { BlockFormat } from './block-format.ts';
import { quantisedBatches } from './quantised-batches.ts';
import { expressionShape, type WeightExpression } from './weight-expression.ts';
import type { WriteContext } from './write-context.ts';

/** Most codes that are held until they are written, in bytes: a matrix of `n` times as many is read `n` times. */
const HELD = 192 * 1024 * 1024;

/** Rows that are turned at once, so that both sides of the square stay in the processor's cache. */
const SQUARE = 64;

/** Codes of an unsigned byte around 128 become signed ones around 0 by this. */
const SIGN = 0x80;

/**
 * Writes a matrix as signed bytes `[in, out]`, then a float32 scale for each output: `value = code * scale`. The number
 * of largest magnitude of an output becomes -128, so the scale has the opposite sign of that number.
 *
 * @param transposed - Whether the expression is `[in, out]`; otherwise `[out, in]`.
 * @throws ModelFileError when the weight holds NaN or an infinity.
 */
export async function writeColumns(
  expression: WeightExpression,
  transposed: boolean,
  context: Pick<WriteContext, 'tensors' | 'quantiser' | 'file' | 'onBytes'>,
  held = HELD,
): Promise<{ readonly codes: FileRange; readonly scales: FileRange }> {
  const { file, onBytes } = context;
  const shape = expressionShape(expression);
  const [outputs = 0, inputs = 0] = transposed ? shape.toReversed() : shape;
  const format: BlockFormat = { bits: 8, blockSize: inputs, symmetric: true };
  const scales = new Float32Array(outputs);
  const stripInputs = Math.min(inputs, Math.max(1, Math.floor(held / outputs)));
  const strip = new Uint8Array(stripInputs * outputs);
  await file.align();
  const codesStart = file.size;
  for (let first = 0; first < inputs; first += stripInputs) {
    const count = Math.min(stripInputs, inputs - first);
    let row = 0;
    for await (const { rows, arrays } of quantisedBatches(expression, format, transposed, context)) {
      scales.set(arrays.scales.subarray(0, rows), row);
      turn({ codes: arrays.codes, rows, inputs, first, count }, strip, row, outputs);
      row += rows;
      onBytes(rows * count);
    }
    await file.append(strip.subarray(0, count * outputs));
  }
  const codes = file.rangeFrom(codesStart);
  await file.align();
  const scalesStart = file.size;
  await file.append(scales);
  onBytes(scales.byteLength);
  return { codes, scales: file.rangeFrom(scalesStart) };
}

/** Inputs `first` to `first + count` of some rows of codes. */
type Piece = {
  readonly codes: Uint8Array;
  readonly rows: number;
  readonly inputs: number;
  readonly first: number;
  readonly count: number;
};

/** Puts the rows into the strip `[count, outputs]`, as its columns from `column` on. */
function turn({ codes, rows, inputs, first, count }: Piece, strip: Uint8Array, column: number, outputs: number): void {
  for (let rowStart = 0; rowStart < rows; rowStart += SQUARE) {
    const rowEnd = Math.min(rows, rowStart + SQUARE);
    for (let inputStart = 0; inputStart < count; inputStart += SQUARE) {
      const inputEnd = Math.min(count, inputStart + SQUARE);
      for (let input = inputStart; input < inputEnd; input++) {
        const to = input * outputs + column;
        for (let row = rowStart; row < rowEnd; row++) {
          strip[to + row] = (codes[row * inputs + first + input] ?? 0) ^ SIGN;
        }
      }
    }
  }
}
