import { expect, test } from 'vitest';
import { uncoveredIndex, uncoveredPixels, writeUncovered } from './write-uncovered.ts';

/** A table that keeps bytes, and adds 1000 per channel. */
const table = Float32Array.from({ length: 3 * 256 }, (_, index) => (index % 256) + Math.floor(index / 256) * 1000);

test('every pixel beyond the patches has an index of its own', () => {
  const square = { side: 5, covered: 3 };
  const indices = [];
  for (let y = 0; y < 5; y++) {
    for (let x = y < 3 ? 3 : 0; x < 5; x++) indices.push(uncoveredIndex(y, x, square));
  }
  expect(indices).toEqual(Array.from({ length: uncoveredPixels(5, 3) }, (_, index) => index));
});

test('keeps the pixels at the right and at the bottom, where the picture has any', () => {
  const picture = { height: 2, width: 4, data: Uint8Array.from({ length: 24 }, (_, index) => Math.floor(index / 3)) };
  const uncovered = new Float32Array(3 * uncoveredPixels(4, 3));
  writeUncovered(picture, { top: 2, left: 0 }, { side: 4, covered: 3, table }, uncovered);
  // Right of rows 0 to 2, then row 3: the picture is rows 2 and 3.
  expect([...uncovered.subarray(0, 7)]).toEqual([0, 0, 3, 4, 5, 6, 7]);
  expect([...uncovered.subarray(7, 14)]).toEqual([0, 0, 1003, 1004, 1005, 1006, 1007]);
});
