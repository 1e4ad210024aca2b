import { expect, test } from 'vitest';
import { floatsOf } from '../../test/floats-of.ts';
import { runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { dropClassToken } from './drop-class-token.ts';
import { joinScales } from './join-scales.ts';

const scope = new Scope('vit', ['scales']);

/** Five views of a picture whose quarters, put together, are the rows of a 6 x 6 map that counts from 0. */
function viewsOfMap(): Float32Array {
  const whole = Array.from({ length: 9 }, (_, index) => 100 + index);
  const quarter = (top: number, left: number) =>
    Array.from({ length: 9 }, (_, index) => (top + Math.floor(index / 3)) * 6 + left + (index % 3));
  return Float32Array.from([whole, quarter(0, 0), quarter(0, 3), quarter(3, 0), quarter(3, 3)].flat());
}

test('averages 2 x 2 cells of the quarters side by side, also across quarters', async () => {
  const one = viewsOfMap();
  const data = new Float32Array([...one, ...one]);
  const { y } = await runLayer(
    {
      x: { data, dims: [10, 9, 1], shape: ['B', 9, 1] },
      factor: { data: new Float32Array([1, 0]), dims: [2], shape: ['I'] },
    },
    new Map(),
    (g, value) => ({ y: joinScales(g, value('x'), value('factor'), scope, 3) }),
  );
  expect(y?.dims).toEqual([2, 9, 2]);
  const pooled = [3.5, 5.5, 7.5, 15.5, 17.5, 19.5, 27.5, 29.5, 31.5];
  const rows = pooled.map((value, index) => [100 + index, value]);
  const without = rows.map(([whole]) => [whole, 0]); // the second picture has no second scale
  expect([...floatsOf(y)]).toEqual([...rows, ...without].flat());
});

test('the class token is the first of every view', async () => {
  const data = Float32Array.from({ length: 12 }, (_, index) => index);
  const { y } = await runLayer({ x: { data, dims: [2, 3, 2], shape: ['B', 3, 2] } }, new Map(), (g, value) => ({
    y: dropClassToken(g, value('x'), scope),
  }));
  expect(y?.dims).toEqual([2, 2, 2]);
  expect([...floatsOf(y)]).toEqual([2, 3, 4, 5, 8, 9, 10, 11]);
});
