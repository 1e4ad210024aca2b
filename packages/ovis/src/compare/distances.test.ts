import { ShapeMismatchError } from '@ovis/core';
import { expect, test } from 'vitest';
import { argMax, divergence, relativeError } from './distances.ts';

const logits = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log);

test('equal numbers have no distance', () => {
  expect(relativeError(Float32Array.of(3, 4), Float32Array.of(3, 4))).toBe(0);
  expect(relativeError(new Float32Array(2), new Float32Array(2))).toBe(0);
  expect(divergence(logits(0.25, 0.75), logits(0.25, 0.75))).toBeCloseTo(0, 6);
});

test('the relative error is Euclidean', () => {
  expect(relativeError(Float32Array.of(3, 4), Float32Array.of(3, 9))).toBeCloseTo(1, 6);
});

test('the divergence is that of the distributions, whatever is added to the logits', () => {
  const expected = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
  expect(divergence(logits(0.5, 0.5), logits(0.25, 0.75))).toBeCloseTo(expected, 6);
  const shifted = logits(0.25, 0.75).map((value) => value + 1000);
  expect(divergence(logits(0.5, 0.5), shifted)).toBeCloseTo(expected, 3);
});

test('the first of equal largest elements counts', () => {
  expect(argMax(Float32Array.of(1, 5, 5, 2))).toBe(1);
});

test('numbers of different count are refused', () => {
  expect(() => relativeError(new Float32Array(1), new Float32Array(2))).toThrow(ShapeMismatchError);
});
