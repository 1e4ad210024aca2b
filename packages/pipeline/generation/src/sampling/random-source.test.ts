import { expect, test } from 'vitest';
import { randomSource } from './random-source.ts';

test('gives equal numbers for equal seeds and others for others', () => {
  const numbers = (seed: number) => Array.from({ length: 5 }, randomSource(seed));
  expect(numbers(42)).toEqual(numbers(42));
  expect(numbers(42)).not.toEqual(numbers(43));
  // Seeds that differ only above 32 bits.
  expect(numbers(1)).not.toEqual(numbers(1 + 2 ** 32));
});

test('gives the same numbers on every platform', () => {
  const random = randomSource(0);
  expect([random(), random(), random()]).toMatchInlineSnapshot(`
    [
      0.41675133265905573,
      0.5870561741002205,
      0.2650367332581032,
    ]
  `);
});

test('is uniform in [0, 1)', () => {
  const random = randomSource(7);
  const bins = Array.from({ length: 20 }, () => 0);
  for (let draw = 0; draw < 20_000; draw++) {
    const number = random();
    expect(number >= 0 && number < 1).toBe(true);
    const bin = Math.floor(number * 20);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  // Chi-square with 19 degrees of freedom: above 43.8 once in a thousand seeds.
  expect(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(43.8);
});
