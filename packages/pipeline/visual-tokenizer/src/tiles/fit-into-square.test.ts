import { ImageError } from '@ovis/core';
import { expect, test } from 'vitest';
import { fitIntoSquare } from './fit-into-square.ts';

test.each([
  [640, 480, 336, 336, 252],
  [640, 480, 384, 384, 288],
  [640, 480, 448, 448, 336],
  [427, 640, 336, 224, 336],
  [427, 640, 384, 256, 384],
  [427, 640, 448, 298, 448],
  [1000, 333, 336, 336, 111],
  [1000, 333, 384, 384, 127],
  [1000, 333, 448, 448, 149],
  [449, 448, 336, 336, 335],
  [449, 448, 384, 384, 383],
  [449, 448, 448, 448, 447],
  [1, 1, 448, 448, 448],
])('fits %i x %i into %i as %i x %i (width x height)', (width, height, side, fittedWidth, fittedHeight) => {
  expect(fitIntoSquare({ height, width }, side)).toEqual({
    height: fittedHeight,
    width: fittedWidth,
    top: Math.floor((side - fittedHeight) / 2),
    left: Math.floor((side - fittedWidth) / 2),
  });
});

test('refuses a picture whose shorter side would vanish, and says what to do', () => {
  expect(() => fitIntoSquare({ height: 1, width: 1000 }, 448)).toThrow(ImageError);
  expect(() => fitIntoSquare({ height: 1000, width: 1 }, 448)).toThrow(/at most 448 times the shorter/);
  expect(fitIntoSquare({ height: 1, width: 448 }, 448).height).toBe(1);
});
