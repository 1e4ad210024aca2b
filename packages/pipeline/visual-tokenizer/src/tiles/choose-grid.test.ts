import { fixtureJson } from '@ovis/testing';
import { expect, test } from 'vitest';
import { chooseGrid } from './choose-grid.ts';

type Row = readonly [width: number, height: number, side: number, maxPartition: number, rows: number, columns: number];

test('chooses the grid of the official code for every row of the table', () => {
  const { rows } = fixtureJson<{ readonly rows: readonly Row[] }>('tables/grids.json');
  expect(rows.length).toBeGreaterThan(3000);
  const wrong = rows.filter(([width, height, side, maxPartition, expectedRows, expectedColumns]) => {
    const { rows: chosenRows, columns } = chooseGrid({ height, width }, side, maxPartition);
    return chosenRows !== expectedRows || columns !== expectedColumns;
  });
  expect(wrong).toEqual([]);
});

test('adds the areas plainly from left to right, without compensating for rounding', () => {
  expect(chooseGrid({ height: 3000, width: 2000 }, 384, 9)).toEqual({ rows: 3, columns: 2 });
  expect(chooseGrid({ height: 2400, width: 1600 }, 384, 9)).toEqual({ rows: 3, columns: 3 });
});

test('never chooses a grid with empty sub-images', () => {
  expect(chooseGrid({ height: 1, width: 3000 }, 448, 9).rows).toBe(1);
  expect(chooseGrid({ height: 3000, width: 2 }, 448, 9).columns).toBe(1);
  expect(chooseGrid({ height: 1, width: 1 }, 448, 9)).toEqual({ rows: 1, columns: 1 });
});

test('takes the whole picture only when one sub-image is allowed', () => {
  expect(chooseGrid({ height: 4000, width: 4000 }, 448, 1)).toEqual({ rows: 1, columns: 1 });
});
