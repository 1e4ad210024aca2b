import { expect, test } from 'vitest';
import { blockOrder, rowMajorOrder } from './patch-order.ts';

test('counts patches block by block', () => {
  // prettier-ignore
  expect(Array.from(blockOrder({ height: 4, width: 6 }, 2))).toEqual([
    0, 1, 4, 5, 8, 9,
    2, 3, 6, 7, 10, 11,
    12, 13, 16, 17, 20, 21,
    14, 15, 18, 19, 22, 23,
  ]);
});

test('counts patches in the order of reading', () => {
  expect(Array.from(rowMajorOrder({ height: 2, width: 3 }))).toEqual([0, 1, 2, 3, 4, 5]);
});

test('is the order of reading when nothing is merged', () => {
  expect(blockOrder({ height: 3, width: 5 }, 1)).toEqual(rowMajorOrder({ height: 3, width: 5 }));
});
