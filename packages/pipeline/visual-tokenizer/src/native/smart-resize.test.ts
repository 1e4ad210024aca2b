import { fixtureJson } from '@ovis/testing';
import { expect, test } from 'vitest';
import { roundHalfToEven } from './round-half-to-even.ts';
import { smartResize } from './smart-resize.ts';

type Row = readonly [
  height: number,
  width: number,
  factor: number,
  minPixels: number,
  maxPixels: number,
  outHeight: number,
  outWidth: number,
];

test('gives the size of the official code for every row of the table', () => {
  const { rows } = fixtureJson<{ readonly rows: readonly Row[] }>('tables/smart-resize.json');
  expect(rows.length).toBeGreaterThan(1000);
  const wrong = rows.filter(([height, width, factor, minPixels, maxPixels, outHeight, outWidth]) => {
    const size = smartResize({ height, width }, { factor, minPixels, maxPixels });
    return size.height !== outHeight || size.width !== outWidth;
  });
  expect(wrong).toEqual([]);
});

test('rounds exact halves to the even neighbour, like Python', () => {
  expect([0, 0.5, 1.5, 2.5, 14.5, 22.5, 2.4, 2.6, 7].map(roundHalfToEven)).toEqual([0, 0, 2, 2, 14, 22, 2, 3, 7]);
});
