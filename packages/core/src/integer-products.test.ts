import { expect, test } from 'vitest';
import { probeIntegerProducts } from './integer-products.ts';

type Multiply = (a: Uint8Array, rows: number) => readonly number[];

/** What a processor makes of rows of `a` by a matrix of -128; `pair` adds two products. */
const multiplier =
  (pair: (a: number, b: number) => number): Multiply =>
  (a, rows) =>
    Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let at = row * 128; at < (row + 1) * 128; at += 2) sum += pair((a[at] ?? 0) * -128, (a[at + 1] ?? 0) * -128);
      return Array.from({ length: 48 }, () => sum);
    }).flat();

const exact = multiplier((a, b) => a + b);
const saturating = multiplier((a, b) => Math.max(-32768, Math.min(32767, a + b)));

test('exact products are wide', async () => {
  expect(await probeIntegerProducts((a, [rows]) => Promise.resolve(exact(a, rows)))).toBe('wide');
});

test.each<[string, Multiply]>([
  ['that saturate at 16 bits', saturating],
  ['that saturate only for several rows', (a, rows) => (rows === 1 ? exact : saturating)(a, rows)],
  ['that are missing', () => []],
])('products %s are narrow', async (_, multiply) => {
  expect(await probeIntegerProducts((a, [rows]) => Promise.resolve(multiply(a, rows)))).toBe('narrow');
});
