import { runSteps } from '@ovis/core';
import { expect, test } from 'vitest';
import { blockOrder, rowMajorOrder } from '../patches/patch-order.ts';
import { resizePositions } from './position-table.ts';

const table = {
  side: 8,
  columns: 3,
  data: Float32Array.from({ length: 8 * 8 * 3 }, (_, i) => Math.sin(i * 12.9898) * 2),
};

test.each([
  [8, 8],
  [4, 6],
  [2, 30],
  [18, 10],
])('equals the two-dimensional formula at %i x %i patches, in block order', (height, width) => {
  const order = blockOrder({ height, width }, 2);
  const resized = runSteps(resizePositions(table, { height, width }, order));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let column = 0; column < 3; column++) {
        const actual = resized[(order[y * width + x] ?? 0) * 3 + column];
        expect(actual).toBeCloseTo(directly(y, x, height, width, column), 5);
      }
    }
  }
});

test('is the table itself at its own size', () => {
  expect(runSteps(resizePositions(table, { height: 8, width: 8 }, rowMajorOrder({ height: 8, width: 8 })))).toEqual(
    table.data,
  );
});

// Computed with torch 2.13.0: interpolate(table, size, mode='bicubic', align_corners=False).
test.each([
  { height: 4, width: 6, y: 0, x: 0, row: [-0.88997668, -0.71421444, -0.41230071] },
  { height: 4, width: 6, y: 3, x: 4, row: [-0.87396556, -1.00307393, -0.9550097] },
  { height: 18, width: 10, y: 9, x: 5, row: [1.39732051, 0.99268997, 0.41272077] },
  { height: 18, width: 10, y: 17, x: 8, row: [-1.20265353, -1.89178955, -2.24677968] },
])('equals PyTorch at patch ($y, $x) of $height x $width', ({ height, width, y, x, row }) => {
  const resized = runSteps(resizePositions(table, { height, width }, rowMajorOrder({ height, width })));
  for (const [column, value] of row.entries()) expect(resized[(y * width + x) * 3 + column]).toBeCloseTo(value, 5);
});

/** The sum over 4 x 4 taps, kernel as published by Keys with a = -0.75, indices clamped. */
function directly(y: number, x: number, height: number, width: number, column: number): number {
  const sourceY = ((y + 0.5) * 8) / height - 0.5;
  const sourceX = ((x + 0.5) * 8) / width - 0.5;
  let sum = 0;
  for (let j = Math.floor(sourceY) - 1; j <= Math.floor(sourceY) + 2; j++) {
    for (let i = Math.floor(sourceX) - 1; i <= Math.floor(sourceX) + 2; i++) {
      const value = table.data[(clamp(j) * 8 + clamp(i)) * 3 + column] ?? 0;
      sum += value * keys(sourceY - j) * keys(sourceX - i);
    }
  }
  return sum;
}

function clamp(index: number): number {
  return Math.min(Math.max(index, 0), 7);
}

function keys(distance: number): number {
  const a = -0.75;
  const x = Math.abs(distance);
  if (x <= 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  return x < 2 ? a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a : 0;
}
