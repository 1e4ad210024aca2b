import { describe, expect, test } from 'vitest';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { all } from '../../test/one-dtype.ts';
import { gaussian } from '../../test/random.ts';
import { noise, runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { createLowering } from '../lowering/lowering.ts';
import { roughStorage } from '../lowering/weight-storage.ts';
import { twoPassHead } from './two-pass-head.ts';

const [tokens, width, rescored] = [9000, 256, 64];
const scope = new Scope('lmHead', ['head']);
const exact = { kind: 'blocks', bits: 8, blockSize: 128, symmetric: true } as const;

async function scoresOf(matrix: Float32Array, x: Float32Array) {
  const { logits, ids, certain } = await runLayer(
    { x: { data: x, dims: [x.length / width, width], shape: ['M', width] } },
    new Map([['head.weight', { shape: [tokens, width], data: matrix }]]),
    (g, input) => {
      const weight = scope.tensor('weight', [tokens, width]);
      return twoPassHead(g, input('x'), { weight, exact, rough: roughStorage(width), rescored }, scope);
    },
    createLowering('cpu', all('int4')),
  );
  return {
    logits: floatsOf(logits),
    ids: Array.from(ids?.data ?? [], Number),
    certain: Array.from(certain?.data ?? [], Boolean),
  };
}

/** Scores by the book, with rows of 8 bits and all sums in double precision. */
function byTheBook(matrix: Float32Array, x: Float32Array): Float64Array {
  return Float64Array.from({ length: tokens }, (_, token) => {
    let sum = 0;
    for (let start = 0; start < width; start += exact.blockSize) {
      const block = matrix.subarray(token * width + start, token * width + start + exact.blockSize);
      const extreme = block.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
      const scale = extreme / -128;
      block.forEach((value, at) => (sum += Math.min(127, Math.round(value / scale)) * scale * (x[start + at] ?? 0)));
    }
    return sum;
  });
}

describe('the likeliest tokens in two passes', () => {
  const matrix = gaussian(tokens * width, 21);
  const x = noise(3 * width, 6);

  test('have exact scores, and the best are among them', async () => {
    const found = await scoresOf(matrix, x);
    expect(found.certain).toEqual([true, true, true]);
    for (let row = 0; row < 3; row++) {
      const expected = byTheBook(matrix, x.subarray(row * width, (row + 1) * width));
      const ids = found.ids.slice(row * rescored, (row + 1) * rescored);
      const logits = found.logits.subarray(row * rescored, (row + 1) * rescored);
      expect(
        largestDifference(
          logits,
          ids.map((id) => expected[id] ?? Number.NaN),
        ),
      ).toBeLessThan(1e-3);
      const best = [...expected.keys()].toSorted((a, b) => (expected[b] ?? 0) - (expected[a] ?? 0));
      expect(ids).toEqual(expect.arrayContaining(best.slice(0, 16)));
    }
  });

  test('are not vouched for where hundreds score alike', async () => {
    const alike = Float32Array.from(matrix, (value, index) => (matrix[index % width] ?? 0) + 0.003 * value);
    expect((await scoresOf(alike, x)).certain).toEqual([false, false, false]);
  });
});
