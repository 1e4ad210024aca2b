import { expect, test } from 'vitest';
import { cutOut } from './cut-out.ts';
import { WordGatherer } from './gather-words.ts';
import type { Look } from './look-types.ts';
import { wordSheetSvg } from './word-sheet-svg.ts';

/** A picture of 8 x 4 pixels with 1 x 2 tokens, two words each. */
function look(words: readonly number[], probabilities: readonly number[]): Look {
  const region = { top: 0, left: 0, height: 4, width: 8 };
  const view = { kind: 'whole', rows: 1, columns: 2, region, entropy: new Float32Array(2) } as const;
  const views = [{ ...view, words: Int32Array.from(words), probabilities: Float32Array.from(probabilities) }];
  return { height: 4, width: 8, visualWords: 100, wordsPerToken: 2, views };
}

test('words that are most often the most likely one come first, with their likeliest place in each picture', () => {
  const gatherer = new WordGatherer(2);
  gatherer.add(look([7, 9, 7, 3], [0.5, 0.25, 0.75, 0.125]));
  gatherer.add(look([3, 7, 7, 3], [0.5, 0.25, 0.875, 0.125]));
  gatherer.add(look([7, 3, 3, 7], [0.25, 0.125, 0.5, 0.125]));
  expect(gatherer.tokens).toBe(6);
  const right = { top: 0, left: 4, height: 4, width: 4 };
  expect(gatherer.mostUsed(1)).toEqual([
    {
      word: 7,
      tokens: 4,
      pictures: 3,
      places: [
        { picture: 1, region: right, probability: 0.875 },
        { picture: 0, region: right, probability: 0.75 },
      ],
    },
  ]);
  expect(gatherer.mostUsed(5).map(({ word, tokens }) => [word, tokens])).toEqual([
    [7, 4],
    [3, 2],
  ]);
});

test('a patch beyond the picture is white there', () => {
  const data = Uint8Array.from({ length: 2 * 2 * 3 }, (_, index) => index);
  const patch = cutOut({ height: 2, width: 2, data }, { top: -1, left: 1, height: 2, width: 2 });
  expect(patch).toEqual({
    height: 2,
    width: 2,
    data: Uint8Array.of(255, 255, 255, 255, 255, 255, 3, 4, 5, 255, 255, 255),
  });
  const outside = cutOut({ height: 2, width: 2, data }, { top: 0, left: 5, height: 1, width: 1 });
  expect([...outside.data]).toEqual([255, 255, 255]);
});

test('names in a sheet stay text', () => {
  const patches = [{ png: Uint8Array.of(1, 2, 3), probability: 0.5 }];
  const svg = wordSheetSvg([{ word: 4, name: '<script>"&', tokens: 2, patches }], 'A & B');
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&#60;script&#62;&#34;&#38;');
  expect(svg).toContain('<title>A &#38; B</title>');
  expect(svg).toContain('base64,AQID"');
});
