import { describe, expect, test } from 'vitest';
import { tensorsInMemory } from '../../test/tensors-in-memory.ts';
import { matrixRows } from './matrix-rows.ts';
import type { WeightExpression } from './weight-expression.ts';

const [rows, columns] = [70, 45];
const data = Float32Array.from({ length: rows * columns }, (_, index) => index);
const tensors = tensorsInMemory({ a: data });
const matrix: WeightExpression = { op: 'tensor', name: 'a', shape: [rows, columns] };
const turned = Float32Array.from(data, (_, index) => data[(index % rows) * columns + Math.floor(index / rows)] ?? 0);

async function collect(expression: WeightExpression, transposed: boolean, batch: number, tile: number) {
  const all: number[] = [];
  const sizes: number[] = [];
  for await (const part of matrixRows(expression, tensors, transposed, { batch, tile })) {
    expect(all.length).toBe(part.firstRow * part.columns);
    expect(part.data.length).toBe(part.rows * part.columns);
    all.push(...part.data);
    sizes.push(part.rows);
  }
  return { all: Float32Array.from(all), sizes };
}

describe.each([
  { batch: 1, tile: 1 },
  { batch: 100, tile: 150 },
  { batch: 1000, tile: 701 },
  { batch: 1e6, tile: 1e6 },
])('batches of $batch and tiles of $tile elements', ({ batch, tile }) => {
  test('give the rows of a matrix', async () => {
    expect((await collect(matrix, false, batch, tile)).all).toEqual(data);
  });
  test('give its columns as rows', async () => {
    expect((await collect(matrix, true, batch, tile)).all).toEqual(turned);
  });
});

test('cuts a matrix into whole rows, a remainder at the end', async () => {
  expect((await collect(matrix, false, 32 * columns, 1)).sizes).toEqual([32, 32, 6]);
});

test('takes vectors and scalars', async () => {
  const vector: WeightExpression = { op: 'reshape', of: matrix, shape: [rows * columns] };
  expect((await collect(vector, false, 999, 1)).all).toEqual(data);
  const scalar: WeightExpression = { op: 'values', shape: [], data: Float32Array.of(7) };
  expect([...(await collect(scalar, false, 999, 1)).all]).toEqual([7]);
});

test('gives nothing for a matrix without elements', async () => {
  const empty: WeightExpression = { op: 'values', shape: [0, 3], data: new Float32Array() };
  expect((await collect(empty, false, 10, 10)).sizes).toEqual([]);
  expect((await collect({ ...empty, shape: [3, 0] }, false, 10, 10)).sizes).toEqual([]);
});
