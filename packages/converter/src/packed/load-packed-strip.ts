import type { TensorSource } from '../safetensors/tensor-source.ts';
import { codesPerWord, type PackedLinear } from './packed-linear.ts';
import type { PackedRows } from './packed-reader.ts';
import { unpackDownwards, unpackSideways, type Words } from './unpack-words.ts';

/** Words that are read at once: a few milliseconds of unpacking. */
const BATCH_WORDS = 64 * 1024;

/** Which output of eight each number of an AWQ word belongs to, from the lowest bits on. */
const awqOrder = [0, 2, 4, 6, 1, 3, 5, 7] as const;

/**
 * Reads and unpacks some outputs of a packed layer, which are rows of its matrix.
 *
 * @param first - A multiple of {@link codesPerWord}, like `count`.
 */
export async function loadPackedStrip(
  source: TensorSource,
  linear: PackedLinear,
  first: number,
  count: number,
): Promise<PackedRows> {
  const { prefix, inputs, outputs, groups, bits, method } = linear;
  const perWord = codesPerWord(linear);
  const codes = new Uint8Array(count * inputs);
  const zeroPoints = new Uint8Array(count * groups);
  const order = method === 'awq' ? awqOrder : Array.from({ length: perWord }, (_, index) => index);
  const sideways = { bits, order, add: 0 };
  const packedColumns = { total: outputs / perWord, first: first / perWord, count: count / perWord };
  if (method === 'gptq') {
    const columns = { total: outputs, first, count };
    for await (const { words, firstRow } of wordRows(source, `${prefix}.qweight`, inputs / perWord, columns)) {
      unpackDownwards(words, bits, codes, inputs, firstRow * perWord);
    }
  } else {
    for await (const { words, firstRow } of wordRows(source, `${prefix}.qweight`, inputs, packedColumns)) {
      unpackSideways(words, sideways, codes, inputs, firstRow);
    }
  }
  const add = linear.zeroPoints === 'stored' ? 0 : bits === 4 ? 0x11111111 : 0x01010101;
  for await (const { words, firstRow } of wordRows(source, `${prefix}.qzeros`, groups, packedColumns)) {
    unpackSideways(words, { ...sideways, add }, zeroPoints, groups, firstRow);
  }
  return { codes, scales: await readScales(source, linear, first, count), zeroPoints };
}

type Columns = { readonly total: number; readonly first: number; readonly count: number };

/** Some columns of a matrix of words, a few rows at a time. */
async function* wordRows(
  source: TensorSource,
  name: string,
  rows: number,
  { total, first, count }: Columns,
): AsyncGenerator<{ readonly words: Words; readonly firstRow: number }, void, undefined> {
  const whole = count === total;
  const atOnce = Math.min(rows, Math.max(1, Math.floor(BATCH_WORDS / count)));
  const buffer = new Uint32Array(atOnce * count);
  for (let firstRow = 0; firstRow < rows; firstRow += atOnce) {
    const taken = Math.min(atOnce, rows - firstRow);
    const data = buffer.subarray(0, taken * count);
    for (let row = 0; row < taken; row += whole ? taken : 1) {
      const part = whole ? data : data.subarray(row * count, (row + 1) * count);
      const start = ((firstRow + row) * total + first) * 4;
      await source.readBytes(name, start, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
    yield { words: { data, rows: taken, columns: count }, firstRow };
  }
}

/** Scales of some outputs, `[count, groups]`; they are stored the other way round. */
async function readScales(
  source: TensorSource,
  { prefix, outputs, groups }: PackedLinear,
  first: number,
  count: number,
): Promise<Float32Array> {
  const scales = new Float32Array(count * groups);
  const row = new Float32Array(count);
  for (let group = 0; group < groups; group++) {
    await source.read(`${prefix}.scales`, group * outputs + first, row);
    for (let output = 0; output < count; output++) scales[output * groups + group] = row[output] ?? 0;
  }
  return scales;
}
