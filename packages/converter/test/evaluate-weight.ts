import { expressionShape, type GraphWeight, type WeightExpression } from '../src/weights/weight-expression.ts';

/** A small, whole-in-memory stand-in for the converter's weight writer, so that graphs can be tested alone. */
export type Tensors = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: ArrayLike<unknown> }>;

/**
 * Bytes of a weight's initializers, in the order of `weightInitializers`. With `rounding`, values are first
 * stored that way and read back.
 */
export function initializerBytes(
  { expression, storage }: GraphWeight,
  tensors: Tensors,
  rounding?: GraphWeight['storage'],
): readonly Uint8Array[] {
  const exact = evaluate(expression, tensors);
  const [rows = 1, columns = 1] = expressionShape(expression);
  const roundedTo = rounding && asBlocks(rounding, rows, columns);
  const values = roundedTo ? rounded(exact, [rows, columns], roundedTo) : exact;
  const swapped = storage.transposed === true;
  const laid = swapped ? transposed(values, rows, columns) : values;
  if (storage.kind === 'blocks') return blocks(laid, swapped ? columns : rows, swapped ? rows : columns, storage);
  if (storage.kind === 'columns') {
    const [outputs, inputs] = swapped ? [columns, rows] : [rows, columns];
    const [codes = new Uint8Array(), scales = new Uint8Array()] = blocks(laid, outputs, inputs, wholeRows(inputs));
    return [
      codes.map((_, index) => (codes[(index % outputs) * inputs + Math.floor(index / outputs)] ?? 0) ^ 0x80),
      scales,
    ];
  }
  if (storage.kind === 'f16') return [new Uint8Array(Uint16Array.from(laid, toHalf).buffer)];
  return [new Uint8Array(laid.buffer, laid.byteOffset, laid.byteLength)];
}

/** Storage in columns is one block per output, but for the layout. */
function asBlocks(storage: GraphWeight['storage'], rows: number, columns: number): BlockStorage | null {
  if (storage.kind === 'blocks') return storage;
  if (storage.kind !== 'columns') return null;
  const { transposed: swapped = false } = storage;
  return { ...wholeRows(swapped ? rows : columns), transposed: swapped };
}

function wholeRows(inputs: number): BlockStorage {
  return { kind: 'blocks', bits: 8, blockSize: inputs, symmetric: true };
}

/** Row-major values of an expression. */
function evaluate(expression: WeightExpression, tensors: Tensors): Float32Array {
  switch (expression.op) {
    case 'tensor': {
      const tensor = tensors.get(expression.name);
      if (!tensor || String(tensor.shape) !== String(expression.shape)) {
        throw new Error(`${expression.name}: expected [${String(expression.shape)}], got ${String(tensor?.shape)}`);
      }
      return Float32Array.from(tensor.data, Number);
    }
    case 'concat':
      return Float32Array.from(expression.parts.flatMap((part) => [...evaluate(part, tensors)]));
    case 'beside': {
      const rows = expressionShape(expression)[0] ?? 0;
      const parts = expression.parts.map((part) => evaluate(part, tensors));
      const rowOf = (part: Float32Array, row: number) =>
        part.slice((part.length / rows) * row, (part.length / rows) * (row + 1));
      const all = Array.from({ length: rows }, (_, row) => parts.flatMap((part) => [...rowOf(part, row)]));
      return Float32Array.from(all.flat());
    }
    case 'rows': {
      const whole = evaluate(expression.of, tensors);
      const row = whole.length / (expressionShape(expression.of)[0] ?? 1);
      return whole.slice(expression.start * row, expression.end * row);
    }
    case 'reshape':
      return evaluate(expression.of, tensors);
    case 'add':
      return evaluate(expression.of, tensors).map((value) => value + expression.value);
    case 'values':
      return expression.data;
  }
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? 0);
}

/** What comes back of values that are stored in blocks. */
function rounded(values: Float32Array, shape: readonly number[], storage: BlockStorage): Float32Array {
  const [rows = 1, columns = 1] = shape;
  const swapped = storage.transposed === true;
  const [outputs, inputs] = swapped ? [columns, rows] : [rows, columns];
  const laid = swapped ? transposed(values, rows, columns) : values;
  const [codes, scaleBytes, zeroPoints] = blocks(laid, outputs, inputs, storage);
  const scales = new Float32Array(scaleBytes?.buffer ?? new ArrayBuffer(0));
  const { bits, blockSize } = storage;
  const perRow = Math.ceil(inputs / blockSize);
  const zeroCodes = (Math.ceil((perRow * bits) / 8) * 8) / bits; // per row, padding included
  const back = laid.map((_, index) => {
    const [row, column] = [Math.floor(index / inputs), index % inputs];
    const block = Math.floor(column / blockSize);
    const code = take(codes, row * perRow * blockSize + column, bits);
    const zero = zeroPoints ? take(zeroPoints, row * zeroCodes + block, bits) : 2 ** (bits - 1);
    return (code - zero) * (scales[row * perRow + block] ?? 0);
  });
  return swapped ? transposed(back, outputs, inputs) : back;
}

function take(bytes: Uint8Array | undefined, index: number, bits: number): number {
  const bit = index * bits;
  return ((bytes?.[bit >> 3] ?? 0) >> (bit & 7)) & (2 ** bits - 1);
}

type BlockStorage = Extract<GraphWeight['storage'], { kind: 'blocks' }>;

function blocks(values: Float32Array, rows: number, columns: number, storage: BlockStorage): readonly Uint8Array[] {
  const { bits, blockSize, symmetric } = storage;
  const perRow = Math.ceil(columns / blockSize);
  const codes = new Uint8Array((rows * perRow * blockSize * bits) / 8);
  const scales = new Float32Array(rows * perRow);
  const zeroBytes = Math.ceil((perRow * bits) / 8);
  const zeros = new Uint8Array(rows * zeroBytes);
  const largest = 2 ** bits - 1;
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < perRow; block++) {
      const from = row * columns + block * blockSize;
      const piece = values.slice(from, Math.min(from + blockSize, (row + 1) * columns));
      const [scale, zero] = symmetric ? symmetricScale(piece, bits) : asymmetricScale(piece, largest);
      scales[row * perRow + block] = scale;
      put(zeros, (row * zeroBytes * 8) / bits + block, bits, zero);
      for (let index = 0; index < blockSize; index++) {
        const code = Math.round((piece[index] ?? 0) / scale) + zero;
        put(codes, (row * perRow + block) * blockSize + index, bits, Math.min(Math.max(code, 0), largest));
      }
    }
  }
  const result = [codes, new Uint8Array(scales.buffer)];
  return symmetric ? result : [...result, zeros];
}

function symmetricScale(piece: Float32Array, bits: number): readonly [number, number] {
  const extreme = piece.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return [extreme === 0 ? 1 : -extreme / 2 ** (bits - 1), 2 ** (bits - 1)];
}

function asymmetricScale(piece: Float32Array, largest: number): readonly [number, number] {
  const low = Math.min(0, ...piece);
  const high = Math.max(0, ...piece);
  const scale = high === low ? 1 : (high - low) / largest;
  return [scale, Math.round(-low / scale)];
}

function put(bytes: Uint8Array, index: number, bits: number, code: number): void {
  const bit = index * bits;
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (code << (bit & 7));
}

/** IEEE half, round to nearest even; for the ordinary numbers of fixtures. */
function toHalf(value: number): number {
  const sign = Object.is(Math.sign(value), -1) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = roundEven(size * 2 ** (10 - exponent));
  return sign + ((exponent + 14) << 10) + steps;
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
