import { describe, expect, test } from 'vitest';
import { relativeError } from '../../test/compare.ts';
import { dequantise } from '../../test/dequantise.ts';
import { gaussian, laplacian } from '../../test/random.ts';
import { allocateBlocks, type BlockFormat } from './block-format.ts';
import { firstBadRow, quantiseRows } from './quantise-rows.ts';

function quantise(values: Float32Array, rows: number, columns: number, format: BlockFormat) {
  const arrays = allocateBlocks(format, rows, columns);
  quantiseRows(values, rows, columns, format, arrays);
  return arrays;
}

const formats: readonly BlockFormat[] = [16, 32, 64, 128].flatMap((blockSize) =>
  ([4, 8] as const).flatMap((bits) => [true, false].map((symmetric) => ({ bits, blockSize, symmetric }))),
);

describe.each(formats)('$bits bits, blocks of $blockSize, symmetric: $symmetric', (format) => {
  const steps = 2 ** format.bits - 1;

  test.each([
    [1, 1],
    [3, 64],
    [5, 80],
    [2, 129],
    [7, 300],
  ])('comes back within half a step, %i rows of %i', (rows, columns) => {
    const values = gaussian(rows * columns, columns);
    const back = dequantise(quantise(values, rows, columns, format), rows, columns, format);
    const range = 2 * Math.max(...values.map(Math.abs));
    // A symmetric block has one step less on one side; a narrowed one clips up to 30 % of its range.
    const bound = format.symmetric ? (1.01 * range) / steps : 0.31 * range;
    expect(back.findIndex((value, index) => !(Math.abs(value - (values[index] ?? 0)) <= bound))).toBe(-1);
  });

  test('keeps blocks of zeros, of one number and of one sign', () => {
    const { blockSize } = format;
    const value = (index: number) => [0, 0.25, -3, (index % blockSize) + 1][Math.floor(index / blockSize)] ?? 0;
    const values = Float32Array.from({ length: 4 * blockSize }, (_, index) => value(index));
    const back = dequantise(quantise(values, 1, values.length, format), 1, values.length, format);
    expect(back.subarray(0, blockSize).every((zero) => zero === 0)).toBe(true);
    expect(
      relativeError(back.subarray(blockSize, 3 * blockSize), values.subarray(blockSize, 3 * blockSize)),
    ).toBeLessThan(1e-6);
    expect(relativeError(back.subarray(3 * blockSize), values.subarray(3 * blockSize))).toBeLessThan(0.1);
  });

  test.each([1e-30, 1e30, 3e37])('keeps the relative error of numbers times %f', (factor) => {
    const values = gaussian(256, 1).map((value) => value * factor);
    const back = dequantise(quantise(values, 2, 128, format), 2, 128, format);
    expect(relativeError(back, values)).toBeLessThan(0.2);
  });

  test('survives numbers too small to have a scale', () => {
    const values = gaussian(256, 1).map((value) => value * 1e-44);
    const back = dequantise(quantise(values, 2, 128, format), 2, 128, format);
    expect(back.every((value) => Math.abs(value) < 1e-43)).toBe(true);
  });

  test('marks blocks with NaN or infinities', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const values = gaussian(4 * 128, 2);
      values[2 * 128 + 5] = bad;
      expect(firstBadRow(quantise(values, 4, 128, format).scales, format, 4, 128)).toBe(2);
    }
    expect(firstBadRow(quantise(gaussian(512, 2), 4, 128, format).scales, format, 4, 128)).toBe(-1);
  });
});

test('puts the number of largest magnitude on code 0, its sign into the scale', () => {
  const format = { bits: 8, blockSize: 16, symmetric: true } as const;
  const { codes, scales } = quantise(Float32Array.of(-1, 4, 2, 0), 1, 4, format);
  expect([...scales]).toEqual([-4 / 128]);
  expect([...codes]).toEqual([128 + 32, 0, 128 - 64, 128, ...Array<number>(12).fill(128)]);
});

test('packs two codes of 4 bits into a byte, the first one low, and pads with the zero point', () => {
  const format = { bits: 4, blockSize: 16, symmetric: true } as const;
  const { codes, scales } = quantise(Float32Array.of(-8, 7, 1), 1, 3, format);
  expect([...scales]).toEqual([1]);
  expect([...codes]).toEqual([0xf0, 0x89, ...Array<number>(6).fill(0x88)]);
});

/** Blocks of 16 that reach from the given numbers to 15 above. */
const row = (lowest: readonly number[]) =>
  lowest.flatMap((low) => [...Array<number>(8).fill(low), ...Array<number>(8).fill(low + 15)]);

test('packs zero points along the blocks of a row, each row from a whole byte on', () => {
  const format = { bits: 4, blockSize: 16, symmetric: false } as const;
  const values = Float32Array.from([...row([-3, -5, -15]), ...row([-1, -2, -7])]);
  expect([...quantise(values, 2, 48, format).zeroPoints]).toEqual([0x53, 0x0f, 0x21, 0x07]);
});

/** Relative rms errors in percent, of the published schemes on a million numbers; ours must not be worse. */
describe('errs no more than the schemes it follows', () => {
  test.each([
    [gaussian, 4, 32, true, 8.6],
    [gaussian, 4, 64, true, 9.49],
    [gaussian, 4, 128, true, 10.33],
    [laplacian, 4, 32, true, 10.67],
    [gaussian, 8, 32, true, 0.53],
    [gaussian, 4, 32, false, 7.78],
    [gaussian, 4, 64, false, 8.73],
    [gaussian, 4, 128, false, 9.48],
    [laplacian, 4, 32, false, 9.16],
    [laplacian, 4, 128, false, 12.39],
    [gaussian, 8, 32, false, 0.48],
  ] as const)(
    '%o, %i bits, blocks of %i, symmetric: %o: %f %%',
    (distribution, bits, blockSize, symmetric, percent) => {
      const [rows, columns] = [200, 1280];
      const values = distribution(rows * columns, 3);
      const format = { bits, blockSize, symmetric };
      const error =
        100 * relativeError(dequantise(quantise(values, rows, columns, format), rows, columns, format), values);
      // The table is rounded, and a quarter of a million numbers scatter by half a percent of the error.
      expect(error).toBeLessThan(percent * 1.015);
      expect(error).toBeGreaterThan(percent * 0.93);
    },
  );
});
