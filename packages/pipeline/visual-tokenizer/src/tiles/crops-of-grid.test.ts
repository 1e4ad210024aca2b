import { expect, test } from 'vitest';
import { cropsOfGrid } from './crops-of-grid.ts';

test('gives the rest of the division to the last row and column', () => {
  expect(cropsOfGrid({ height: 11, width: 8 }, { rows: 2, columns: 3 })).toEqual([
    { top: 0, left: 0, height: 5, width: 2 },
    { top: 0, left: 2, height: 5, width: 2 },
    { top: 0, left: 4, height: 5, width: 4 },
    { top: 5, left: 0, height: 6, width: 2 },
    { top: 5, left: 2, height: 6, width: 2 },
    { top: 5, left: 4, height: 6, width: 4 },
  ]);
});
