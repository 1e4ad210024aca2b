import { runSteps } from '@ovis/core';
import { expect, test } from 'vitest';
import { normalisationTable } from './normalisation-table.ts';
import { rowMajorOrder } from './patch-order.ts';
import { writePatches } from './write-patches.ts';

/** Each byte becomes itself. */
const table = normalisationTable({ rescale: 1, mean: [0, 0, 0], std: [1, 1, 1] });

test('orders features by channel, pixel row and pixel column, and leaves padding at zero', () => {
  const grid = { height: 1, width: 2 };
  const patches = new Float32Array(2 * 12);
  const image = { height: 2, width: 2, data: Uint8Array.from({ length: 12 }, (_, i) => i + 1) };
  runSteps(
    writePatches(image, { top: 0, left: 1 }, { grid, order: rowMajorOrder(grid), patchSize: 2, table }, patches),
  );
  // prettier-ignore
  expect(Array.from(patches)).toEqual([
    0, 1, 0, 7, 0, 2, 0, 8, 0, 3, 0, 9,
    4, 0, 10, 0, 5, 0, 11, 0, 6, 0, 12, 0,
  ]);
});

test('leaves out pixels beyond the last whole patch', () => {
  const grid = { height: 1, width: 1 };
  const patches = new Float32Array(12);
  const image = { height: 3, width: 3, data: Uint8Array.from({ length: 27 }, (_, i) => i) };
  runSteps(
    writePatches(image, { top: 0, left: 0 }, { grid, order: rowMajorOrder(grid), patchSize: 2, table }, patches),
  );
  expect(Array.from(patches)).toEqual([0, 3, 9, 12, 1, 4, 10, 13, 2, 5, 11, 14]);
});

test('rounds like the reference: the product stored as float32, then float32 arithmetic', () => {
  const values = normalisationTable({
    rescale: 0.00392156862745098,
    mean: [0.48145466, 0.5, 0.5],
    std: [0.26862954, 0.5, 0.5],
  });
  // numpy: (np.float32(200 * 0.00392156862745098) - np.float32(0.48145466)) / np.float32(0.26862954)
  expect(values[200]).toBe(1.12742280960083);
  expect(values[256]).toBe(-1);
  expect(values[511]).toBe(1);
});
