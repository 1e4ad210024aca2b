import { ImageError, InvalidArgumentError } from '@ovis/core';
import { expect, test } from 'vitest';
import { chooseGrid, resizeImage, smartResize } from '../src/index.ts';
import { greyImage } from './grey-image.ts';

const size = { height: 100, width: 200 };
const bounds = { factor: 32, minPixels: 4096, maxPixels: 65_536 };

test.each([0, -1, 1.5, Number.NaN, Infinity])('no exported function takes %d for a number', (wrong) => {
  const calls = [
    () => chooseGrid({ ...size, height: wrong }, 448, 9),
    () => chooseGrid(size, wrong, 9),
    () => chooseGrid(size, 448, wrong),
    () => smartResize({ ...size, width: wrong }, bounds),
    () => smartResize(size, { ...bounds, factor: wrong }),
    () => smartResize(size, { ...bounds, minPixels: wrong }),
    () => smartResize(size, { ...bounds, maxPixels: wrong }),
    () => resizeImage(greyImage(2, 2), { height: wrong, width: 2 }, 'bicubic'),
  ];
  for (const call of calls) expect(call).toThrow(InvalidArgumentError);
});

test('a picture to resize must have data that fits its sides', () => {
  expect(() => resizeImage({ ...greyImage(2, 2), height: 3 }, size, 'nearest')).toThrow(ImageError);
});
