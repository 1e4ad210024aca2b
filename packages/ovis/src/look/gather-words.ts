import type { Look, Region } from './look-types.ts';

/** A place where a word was the most likely one. */
export type WordPlace = {
  /** Number of the picture, in the order of {@link WordGatherer.add}. */
  readonly picture: number;
  /** The token's place on it, in pixels; may reach beyond the picture. */
  readonly region: Region;
  /** Probability of the word there. */
  readonly probability: number;
};

/** A visual word and where it was the most likely one. */
export type UsedWord = {
  /** Row of the visual embedding table. */
  readonly word: number;
  /** Tokens whose most likely word it is. */
  readonly tokens: number;
  /** Pictures with such a token. */
  readonly pictures: number;
  /** Where it is likeliest, likeliest first; one place a picture. */
  readonly places: readonly WordPlace[];
};

/** Collects over many pictures which visual words are used, and where. */
export class WordGatherer {
  readonly #most: number;
  readonly #words = new Map<number, { tokens: number; pictures: number; places: WordPlace[] }>();
  #pictures = 0;
  #tokens = 0;

  /** `places`: how many are kept of each word. */
  constructor(places: number) {
    this.#most = places;
  }

  /** Tokens so far. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Counts the most likely word of every token. */
  add({ views, wordsPerToken }: Pick<Look, 'views' | 'wordsPerToken'>): void {
    const picture = this.#pictures++;
    const best = new Map<number, WordPlace>();
    for (const { words, probabilities, region, rows, columns } of views) {
      for (let token = 0; token < rows * columns; token++) {
        const word = words[token * wordsPerToken] ?? 0;
        const probability = probabilities[token * wordsPerToken] ?? 0;
        const used = this.#words.get(word) ?? { tokens: 0, pictures: 0, places: [] };
        used.tokens++;
        this.#tokens++;
        this.#words.set(word, used);
        if (probability <= (best.get(word)?.probability ?? -1)) continue;
        best.set(word, { picture, region: placeOf(token, region, rows, columns), probability });
      }
    }
    for (const [word, place] of best) this.#keep(word, place);
  }

  /** The words that are the most likely one most often, most often first. */
  mostUsed(count: number): readonly UsedWord[] {
    return [...this.#words]
      .toSorted(([one, a], [other, b]) => b.tokens - a.tokens || one - other)
      .slice(0, count)
      .map(([word, used]) => ({ word, ...used }));
  }

  #keep(word: number, place: WordPlace): void {
    const used = this.#words.get(word);
    if (used === undefined) return;
    used.pictures++;
    used.places.push(place);
    // The first of equals stays, so that the same pictures give the same places.
    used.places.sort((a, b) => b.probability - a.probability || a.picture - b.picture);
    used.places.length = Math.min(used.places.length, this.#most);
  }
}

function placeOf(token: number, { top, left, height, width }: Region, rows: number, columns: number): Region {
  const [cellHeight, cellWidth] = [height / rows, width / columns];
  const [row, column] = [Math.floor(token / columns), token % columns];
  return { top: top + row * cellHeight, left: left + column * cellWidth, height: cellHeight, width: cellWidth };
}
