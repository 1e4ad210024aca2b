import { expect, test } from 'vitest';
import { firstNotFinite } from './first-not-finite.ts';

test.each([Number.NaN, Infinity, -Infinity])('finds %f', (value) => {
  expect(firstNotFinite(Float32Array.of(1, -2, value, value))).toBe(2);
});

test('takes every finite number', () => {
  expect(firstNotFinite(Float32Array.of(0, -0, 1e-45, -3.4028234663852886e38, 3.4028234663852886e38))).toBe(-1);
  expect(firstNotFinite(new Float32Array(0))).toBe(-1);
});
