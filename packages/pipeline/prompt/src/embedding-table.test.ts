import { asyncDispose, DisposedError, InvalidArgumentError, ModelFileError, type TableDescription } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { bytesOf, memoryFiles } from '../test/memory-files.ts';
import { EmbeddingTable } from './embedding-table.ts';

const floats = Float32Array.from({ length: 5 * 3 }, (_, index) => index / 7 - 1);
/** Five rows of three numbers, not at a multiple of four bytes. */
const small: TableDescription = { rows: 5, columns: 3, storage: 'f32', data: { file: 't', offset: 3, length: 60 } };
const smallFiles = () => memoryFiles({ t: Uint8Array.of(9, 9, 9, ...bytesOf(floats), 9) });

test('gives rows in the order asked for, also twice', async () => {
  await using table = await EmbeddingTable.open(small, smallFiles());
  expect([table.rows, table.columns]).toEqual([5, 3]);
  expect(await table.read([4, 0, 4])).toEqual(
    Float32Array.of(...floats.subarray(12), ...floats.subarray(0, 3), ...floats.subarray(12)),
  );
  expect(await table.read([])).toEqual(new Float32Array(0));
  expect(await table.all()).toEqual(floats);
});

test('what a caller does to its rows does not change the table', async () => {
  await using table = await EmbeddingTable.open(small, smallFiles());
  (await table.read([1])).fill(0);
  expect(await table.read([1])).toEqual(floats.subarray(3, 6));
});

test('expands half precision, subnormal numbers and infinities included', async () => {
  const words = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x7c00, 0xfc00, 0x3555);
  const description: TableDescription = {
    rows: 2,
    columns: 4,
    storage: 'f16',
    data: { file: 't', offset: 0, length: 16 },
  };
  await using table = await EmbeddingTable.open(description, memoryFiles({ t: bytesOf(words) }));
  expect([...(await table.all())]).toEqual([1, -2, 2 ** -24, -0, 65_504, Infinity, -Infinity, 0.333251953125]);
});

describe('expands blocks exactly', () => {
  test('8 bits, without zero points and with a last block that is not full', async () => {
    // One row of 18 numbers: two blocks of 16 codes.
    const codes = Uint8Array.from({ length: 32 }, (_, index) => 120 + index);
    const scales = Float32Array.of(0.1, -3);
    const description: TableDescription = {
      rows: 1,
      columns: 18,
      storage: 'blocks',
      bits: 8,
      blockSize: 16,
      codes: { file: 't', offset: 0, length: 32 },
      scales: { file: 's', offset: 0, length: 8 },
      zeroPoints: null,
    };
    await using table = await EmbeddingTable.open(description, memoryFiles({ t: codes, s: bytesOf(scales) }));
    const expected = Array.from({ length: 18 }, (_, index) =>
      Math.fround((index - 8) * (index < 16 ? Math.fround(0.1) : -3)),
    );
    expect([...(await table.all())]).toEqual(expected);
  });

  test('4 bits with zero points, low bits first', async () => {
    // Two rows of 48 numbers: three blocks each; an odd number of zero points leaves half a byte.
    const bytes = Uint8Array.of(
      ...[0, 1].flatMap((row) => packed(48, (column) => codeOf(row, column))),
      ...[0, 1].flatMap((row) => packed(3, (block) => zeroOf(row, block))),
      ...bytesOf(Float32Array.from({ length: 6 }, (_, index) => scaleOf(Math.floor(index / 3), index % 3))),
    );
    const description: TableDescription = {
      rows: 2,
      columns: 48,
      storage: 'blocks',
      bits: 4,
      blockSize: 16,
      codes: { file: 't', offset: 0, length: 48 },
      zeroPoints: { file: 't', offset: 48, length: 4 },
      scales: { file: 't', offset: 52, length: 24 },
    };
    const files = memoryFiles({ t: bytes });
    await using table = await EmbeddingTable.open(description, files);
    const row1 = Array.from({ length: 48 }, (_, column) => {
      const block = Math.floor(column / 16);
      return Math.fround((codeOf(1, column) - zeroOf(1, block)) * scaleOf(1, block));
    });
    expect([...(await table.read([1]))]).toEqual(row1);
  });
});

describe('a table larger than memory is allowed', () => {
  // 20,000 rows of 1,024 numbers: 82 MB.
  const rows = 20_000;
  const columns = 1024;
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) data.fill(row, row * columns, (row + 1) * columns);
  const description: TableDescription = {
    rows,
    columns,
    storage: 'f32',
    data: { file: 't', offset: 0, length: data.byteLength },
  };
  const files = () => memoryFiles({ t: bytesOf(data) });

  test('is read in few requests, and rows used before in none', async () => {
    const bundle = files();
    await using table = await EmbeddingTable.open(description, bundle);
    expect(bundle.reads).toEqual([]);
    const wanted = [7, 19_999, 3, 9, 7, 10_000];
    const read = await table.read(wanted);
    expect(wanted.map((_, index) => read[index * columns + 5])).toEqual(wanted);
    expect(bundle.reads).toHaveLength(3);
    await table.read([9, 10_000]);
    expect(bundle.reads).toHaveLength(3);
  });

  test('no request is larger than a megabyte', async () => {
    const bundle = files();
    await using table = await EmbeddingTable.open(description, bundle);
    await table.read(Array.from({ length: 1000 }, (_, row) => row));
    expect(Math.max(...bundle.reads.map(({ length }) => length))).toBeLessThanOrEqual(1024 * 1024);
    expect(bundle.reads.length).toBeLessThan(10);
  });

  test('lets other work run while it is read', async () => {
    await using table = await EmbeddingTable.open(description, files());
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await table.all();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  test('closes its file when disposed, after running reads, once', async () => {
    const bundle = files();
    const table = await EmbeddingTable.open(description, bundle);
    expect(bundle.openCount()).toBe(1);
    const reading = table.read([1, 2]);
    await Promise.all([table.dispose(), table[asyncDispose]()]);
    await table.dispose();
    expect(bundle.openCount()).toBe(0);
    expect((await reading)[0]).toBe(1);
    await expect(table.read([1])).rejects.toThrow(DisposedError);
    await expect(table.all()).rejects.toThrow(DisposedError);
  });
});

test('a small table keeps no file open', async () => {
  const files = smallFiles();
  await using table = await EmbeddingTable.open(small, files);
  expect(files.openCount()).toBe(0);
  await table.read([0]);
  expect(files.reads).toHaveLength(1);
});

test.each([-1, 5, 0.5, Number.NaN])('row %d is an InvalidArgumentError', async (row) => {
  await using table = await EmbeddingTable.open(small, smallFiles());
  await expect(table.read([0, row])).rejects.toThrow(InvalidArgumentError);
});

describe('a description that cannot be true is a ModelFileError, and no file stays open', () => {
  const blocks = {
    rows: 1,
    columns: 32,
    storage: 'blocks',
    bits: 4,
    blockSize: 32,
    codes: { file: 't', offset: 0, length: 16 },
    scales: { file: 't', offset: 16, length: 4 },
    zeroPoints: { file: 't', offset: 20, length: 1 },
  } as const;

  test.each<[name: string, description: object]>([
    ['too few bytes', { ...small, data: { file: 't', offset: 0, length: 59 } }],
    ['too many bytes', { ...small, data: { file: 't', offset: 0, length: 64 } }],
    ['beyond the end of the file', { ...small, data: { file: 't', offset: 5, length: 60 } }],
    ['a negative offset', { ...small, data: { file: 't', offset: -1, length: 60 } }],
    ['an offset that is no integer', { ...small, data: { file: 't', offset: 0.5, length: 60 } }],
    ['no rows', { ...small, rows: 0, data: { file: 't', offset: 0, length: 0 } }],
    ['absurdly many rows', { ...small, rows: 2 ** 40, data: { file: 't', offset: 0, length: 2 ** 40 * 12 } }],
    ['half a column', { ...small, columns: 1.5, data: { file: 't', offset: 0, length: 30 } }],
    ['an unknown storage', { ...small, storage: 'f64' }],
    ['3 bits', { ...blocks, bits: 3 }],
    ['blocks of 24', { ...blocks, blockSize: 24 }],
    ['blocks of 8', { ...blocks, blockSize: 8 }],
    ['too few codes', { ...blocks, codes: { file: 't', offset: 0, length: 15 } }],
    ['too few scales', { ...blocks, scales: { file: 't', offset: 0, length: 2 } }],
    ['too many zero points', { ...blocks, zeroPoints: { file: 't', offset: 20, length: 2 } }],
  ])('%s', async (_, description) => {
    const files = smallFiles();
    await expect(EmbeddingTable.open(description as TableDescription, files)).rejects.toThrow(ModelFileError);
    expect(files.openCount()).toBe(0);
  });

  test('a file that gives fewer bytes than it promised', async () => {
    const files = memoryFiles({ t: bytesOf(floats).subarray(0, 40) }, 63);
    await expect(EmbeddingTable.open(small, files)).rejects.toThrow(ModelFileError);
    expect(files.openCount()).toBe(0);
  });
});

/** Codes, zero points and scales of the table with 4 bits. */
function codeOf(row: number, column: number): number {
  return (row * 5 + column * 3) % 16;
}

function zeroOf(row: number, block: number): number {
  return (row * 7 + block * 2 + 1) % 16;
}

function scaleOf(row: number, block: number): number {
  return Math.fround(0.3 * (row + 1) * (block + 1));
}

/** Two values to a byte, the first one low. */
function packed(count: number, at: (index: number) => number): number[] {
  return Array.from(
    { length: Math.ceil(count / 2) },
    (_, byte) => at(2 * byte) | (2 * byte + 1 < count ? at(2 * byte + 1) << 4 : 0),
  );
}
