import { ImageError } from '@ovis/core';
import { expect, test } from 'vitest';
import { rgbOf } from './raw-image.ts';

test('grey is repeated and alpha is dropped', () => {
  expect(rgbOf({ height: 1, width: 2, channels: 1, data: Uint8Array.of(7, 9) }).data).toEqual(
    Uint8Array.of(7, 7, 7, 9, 9, 9),
  );
  expect(rgbOf({ height: 1, width: 1, channels: 4, data: Uint8ClampedArray.of(1, 2, 3, 4) }).data).toEqual(
    Uint8Array.of(1, 2, 3),
  );
});

test.each([
  ['height', { height: 0, width: 1, channels: 3, data: new Uint8Array(0) }],
  ['width', { height: 1, width: Number.NaN, channels: 3, data: new Uint8Array(3) }],
  ['channels', { height: 1, width: 1, channels: 2, data: new Uint8Array(2) }],
  ['bytes', { height: 2, width: 2, channels: 3, data: new Uint8Array(11) }],
] as const)('raw pixels with a wrong %s are refused', (word, image) => {
  const broken = image as unknown as Parameters<typeof rgbOf>[0];
  expect(() => rgbOf(broken)).toThrow(expect.objectContaining({ message: expect.stringContaining(word) as unknown }));
  expect(() => rgbOf(broken)).toThrow(ImageError);
});
