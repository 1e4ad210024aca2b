import type { RgbImage } from '@ovis/core';
import { expect, test } from 'vitest';
import { blend, heatColour, wordColour } from './colours.ts';
import { drawLook } from './draw-look.ts';
import type { Look } from './look-types.ts';

const picture: RgbImage = { height: 2, width: 4, data: new Uint8Array(2 * 4 * 3).fill(120) };
const look: Look = {
  height: 2,
  width: 4,
  visualWords: 10,
  wordsPerToken: 1,
  views: [
    {
      kind: 'whole',
      rows: 1,
      columns: 2,
      region: { top: 0, left: 0, height: 2, width: 4 },
      words: Int32Array.of(3, 4),
      probabilities: Float32Array.of(1, 1),
      entropy: Float32Array.of(0, 2),
    },
  ],
};

test('three panels show the picture, its entropy and its words', () => {
  const { image, entropyRange } = drawLook(picture, look);
  expect(entropyRange).toEqual([0, 2]);
  const width = (image.width - 16) / 3;
  expect(width).toBe(2 * image.height);
  const at = (x: number) => Array.from(image.data.subarray((10 * image.width + x) * 3, (10 * image.width + x) * 3 + 3));
  expect(at(5)).toEqual([120, 120, 120]);
  expect(at(width + 8 + 5)).toEqual(blend([120, 120, 120], heatColour(0), 0.65));
  expect(at(width + 8 + width - 5)).toEqual(blend([120, 120, 120], heatColour(1), 0.65));
  expect(at(2 * (width + 8) + 5)).toEqual(wordColour(3));
  expect(at(2 * (width + 8) + width - 5)).toEqual(wordColour(4));
});

test('neighbouring words have colours that differ', () => {
  for (let word = 0; word < 100; word++) {
    const [a, b] = [wordColour(word), wordColour(word + 1)];
    const distance = a.reduce((sum, channel, index) => sum + Math.abs(channel - (b[index] ?? 0)), 0);
    expect(distance).toBeGreaterThan(80);
    expect([...a].every((channel) => channel >= 0 && channel <= 255)).toBe(true);
  }
});
