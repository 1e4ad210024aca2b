import { type ResizeFilter, type RgbImage, runSteps } from '@ovis/core';
import { fixtureJson } from '@ovis/testing';
import { expect, test } from 'vitest';
import { resizeImage, resizeSteps } from './resize-image.ts';

type Row = {
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly filter: ResizeFilter;
  readonly sums: readonly number[];
  readonly weighted: number;
  readonly first: readonly number[];
  readonly centre: readonly number[];
  readonly last: readonly number[];
};

const { rows } = fixtureJson<{ readonly rows: readonly Row[] }>('tables/pillow-resize.json');

test.each(rows)('resizes $input to $output with $filter like Pillow, bit for bit', (row) => {
  const [width, height] = row.output;
  const { data } = resizeImage(pattern(...row.input), { height, width }, row.filter);
  const pixel = (y: number, x: number) => Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));
  expect(channelSums(data)).toEqual(row.sums);
  expect(weightedSum(data)).toBe(row.weighted);
  expect(pixel(0, 0)).toEqual(row.first);
  expect(pixel(Math.floor(height / 2), Math.floor(width / 2))).toEqual(row.centre);
  expect(pixel(height - 1, width - 1)).toEqual(row.last);
});

// Sums of Pillow 10.3.0, weighted like those of the table.
const others: readonly Pick<Row, 'input' | 'output' | 'filter' | 'weighted'>[] = [
  { input: [100, 60], output: [448, 268], filter: 'lanczos', weighted: 225810905054 },
  { input: [640, 480], output: [64, 48], filter: 'lanczos', weighted: 5416998177 },
  { input: [100, 60], output: [37, 91], filter: 'nearest', weighted: 6313593610 },
  { input: [640, 480], output: [448, 336], filter: 'nearest', weighted: 285742462830 },
  { input: [1, 1], output: [13, 9], filter: 'lanczos', weighted: 0 },
  { input: [3, 2], output: [448, 299], filter: 'bicubic', weighted: 20748338385 },
  { input: [2, 316], output: [204, 14], filter: 'bicubic', weighted: 4628619127 },
  { input: [316, 2], output: [14, 204], filter: 'bilinear', weighted: 4551038999 },
  { input: [1000, 3], output: [448, 1], filter: 'bicubic', weighted: 115091243 },
  { input: [50, 50], output: [50, 20], filter: 'bilinear', weighted: 568659813 },
  { input: [50, 50], output: [20, 50], filter: 'bicubic', weighted: 568662774 },
  { input: [30000, 20], output: [448, 12], filter: 'bicubic', weighted: 8755893513 },
];

test.each(others)(
  'resizes $input to $output with $filter like Pillow 10.3.0',
  ({ input, output, filter, weighted }) => {
    const [width, height] = output;
    expect(weightedSum(resizeImage(pattern(...input), { height, width }, filter).data)).toBe(weighted);
  },
);

test('resizes a region as if it had been cropped before', () => {
  const image = pattern(60, 40);
  const region = { top: 3, left: 7, height: 31, width: 45 };
  const cropped = runSteps(resizeSteps(image, region, region, 'bicubic'));
  for (const size of [
    { height: 12, width: 90 },
    { height: 31, width: 20 },
    { height: 50, width: 45 },
  ]) {
    expect(runSteps(resizeSteps(image, region, size, 'bicubic'))).toEqual(resizeImage(cropped, size, 'bicubic'));
  }
});

test('copies a picture that has the size already', () => {
  const image = pattern(9, 5);
  const copy = resizeImage(image, image, 'bilinear');
  expect(copy).toEqual(image);
  expect(copy.data).not.toBe(image.data);
});

test('spreads a single pixel over the whole picture', () => {
  const image = { height: 1, width: 1, data: Uint8Array.of(10, 200, 255) };
  const { data } = resizeImage(image, { height: 7, width: 5 }, 'bicubic');
  expect(data).toEqual(Uint8Array.from({ length: 7 * 5 * 3 }, (_, i) => image.data[i % 3] ?? 0));
});

/** Pixel (x, y) = ((7x + 13y), (3x + 5y), (11x + 2y)) mod 256. */
function pattern(width: number, height: number): RgbImage {
  const data = new Uint8Array(height * width * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) data.set([7 * x + 13 * y, 3 * x + 5 * y, 11 * x + 2 * y], i);
  }
  return { height, width, data };
}

function channelSums(data: Uint8Array): number[] {
  const sums = [0, 0, 0];
  for (const [i, value] of data.entries()) sums[i % 3] = (sums[i % 3] ?? 0) + value;
  return sums;
}

function weightedSum(data: Uint8Array): number {
  return data.reduce((sum, value, i) => sum + value * ((i % 9973) + 1), 0);
}
