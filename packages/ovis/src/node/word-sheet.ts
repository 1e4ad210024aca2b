import { createSharpDecoder, encodePng } from '@ovis/backend-node';
import { InvalidArgumentError, type ImageSource, type OnProgress, type RgbImage } from '@ovis/core';
import { cutOut } from '../look/cut-out.ts';
import { WordGatherer, type UsedWord, type WordPlace } from '../look/gather-words.ts';
import type { LookOptions } from '../look/look-types.ts';
import { wordSheetSvg, type WordSheetRow } from '../look/word-sheet-svg.ts';
import type { Ovis } from '../ovis.ts';
import { readImage } from '../request/read-image.ts';
import { readPath } from './read-path.ts';

/** What to draw. */
export type WordSheetOptions = LookOptions & {
  /** Words, the most used first (default 24). */
  readonly words?: number | undefined;
  /** Patches of each word, likeliest first, one a picture (default 12). */
  readonly patches?: number | undefined;
  /** What the words are called, by their row in the visual embedding table; an empty name is none. */
  readonly names?: readonly string[] | undefined;
  /** Receives the number of pictures looked at. */
  readonly onProgress?: OnProgress | undefined;
};

/** The most used visual words and the patches that chose them. */
export type WordSheet = {
  readonly words: readonly UsedWord[];
  /** Visual tokens looked at. */
  readonly tokens: number;
  /** A row for each word as an SVG file, pictures included. */
  readonly svg: string;
};

/**
 * Looks at many pictures and draws, for the visual words that are used most, the patches that chose them. Every picture
 * is read once to look at it, and those that are drawn a second time; none is kept in memory.
 *
 * @throws InvalidArgumentError without pictures; ImageError, DisposedError, or `signal.reason`.
 */
export async function wordSheet(
  ovis: Ovis,
  images: readonly ImageSource[],
  options: WordSheetOptions = {},
): Promise<WordSheet> {
  const { words = 24, patches = 12, names = [], onProgress, ...look } = options;
  if (images.length === 0) throw new InvalidArgumentError('There are no pictures to look at.');
  const gatherer = new WordGatherer(patches);
  for (const [index, image] of images.entries()) {
    onProgress?.({ phase: 'see', item: `picture ${index + 1}`, done: index, total: images.length });
    gatherer.add(await ovis.look(image, look));
  }
  const used = gatherer.mostUsed(words);
  const pngs = await drawnPlaces(
    images,
    used.flatMap(({ places }) => places),
    look.signal,
  );
  const rows = used.map(
    ({ word, tokens, places }): WordSheetRow => ({
      word,
      name: names[word] ?? null,
      tokens,
      patches: places.flatMap((place) => {
        const png = pngs.get(place);
        return png === undefined ? [] : [{ png, probability: place.probability }];
      }),
    }),
  );
  const title = `The ${used.length} most used visual words of ${ovis.manifest.model.name} in ${images.length} pictures`;
  return { words: used, tokens: gatherer.tokens, svg: wordSheetSvg(rows, title) };
}

/** PNG files of places, each picture decoded once. */
async function drawnPlaces(
  images: readonly ImageSource[],
  places: readonly WordPlace[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<WordPlace, Uint8Array>> {
  const reader = { images: await createSharpDecoder(), readPath };
  const drawn = new Map<WordPlace, Uint8Array>();
  for (const [picture, image] of images.entries()) {
    const here = places.filter((place) => place.picture === picture);
    if (here.length === 0) continue;
    const pixels: RgbImage = await readImage(image, reader, signal);
    for (const place of here) drawn.set(place, await encodePng(cutOut(pixels, place.region)));
  }
  return drawn;
}
