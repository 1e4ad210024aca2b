import { ModelFileError, type FileRange, type TableDescription } from '@ovis/core';
import { decodeBlocks, decodeFloats, decodeHalves, type RowDecoder } from './decode-row.ts';

/** One of the arrays that a table is stored in; every row has the same number of bytes in it. */
export type StoredArray = { readonly name: string; readonly range: FileRange; readonly rowBytes: number };

/** How a table lies in its files. */
export type TableLayout = {
  readonly rows: number;
  readonly columns: number;
  readonly arrays: readonly StoredArray[];
  readonly decodeRow: RowDecoder;
};

const MAX_ROWS = 2 ** 24;
const MAX_COLUMNS = 2 ** 20;

/**
 * Checks a table's description and works out its arrays.
 *
 * @throws ModelFileError when sizes are absurd, or an array's length is not that of its rows.
 */
export function tableLayout(description: TableDescription): TableLayout {
  const { rows, columns } = description;
  checkSize(rows, 'rows', MAX_ROWS);
  checkSize(columns, 'columns', MAX_COLUMNS);
  const { arrays, decodeRow } = storageOf(description);
  for (const { name, range, rowBytes } of arrays) {
    if (!Number.isSafeInteger(range.offset) || range.offset < 0) {
      throw new ModelFileError(`The ${name} of a table lie at offset ${range.offset} of ${range.file}.`);
    }
    if (range.length !== rows * rowBytes) {
      throw new ModelFileError(
        `The ${name} of a table in ${range.file} have ${range.length} bytes; ${rows} rows of ${columns} columns take ` +
          `${rows * rowBytes}. The manifest is wrong; convert the model again.`,
      );
    }
  }
  return { rows, columns, arrays, decodeRow };
}

function storageOf(description: TableDescription): Pick<TableLayout, 'arrays' | 'decodeRow'> {
  const { columns } = description;
  switch (description.storage) {
    case 'f32':
      return { arrays: [{ name: 'numbers', range: description.data, rowBytes: columns * 4 }], decodeRow: decodeFloats };
    case 'f16':
      return { arrays: [{ name: 'numbers', range: description.data, rowBytes: columns * 2 }], decodeRow: decodeHalves };
    case 'blocks': {
      const { bits, blockSize, codes, scales, zeroPoints } = description;
      checkBlocks(bits, blockSize);
      const blocks = Math.ceil(columns / blockSize);
      const arrays = [
        { name: 'codes', range: codes, rowBytes: (blocks * blockSize * bits) / 8 },
        { name: 'scales', range: scales, rowBytes: blocks * 4 },
      ];
      if (zeroPoints !== null) {
        arrays.push({ name: 'zero points', range: zeroPoints, rowBytes: Math.ceil((blocks * bits) / 8) });
      }
      return { arrays, decodeRow: decodeBlocks(bits, blockSize) };
    }
    default:
      throw new ModelFileError(
        `A table has the storage ${JSON.stringify((description as { storage?: unknown }).storage)}; expected f32, f16 or blocks.`,
      );
  }
}

function checkBlocks(bits: number, blockSize: number): void {
  const isPowerOfTwo = Number.isInteger(blockSize) && (blockSize & (blockSize - 1)) === 0;
  if ((bits !== 4 && bits !== 8) || !isPowerOfTwo || blockSize < 16 || blockSize > MAX_COLUMNS) {
    throw new ModelFileError(
      `A table has blocks of ${blockSize} codes of ${bits} bits; expected a power of two from 16 on, and 4 or 8 bits.`,
    );
  }
}

function checkSize(value: number, what: string, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new ModelFileError(`A table has ${value} ${what}; expected 1 to ${max}.`);
  }
}
