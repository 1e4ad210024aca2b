import type { ImageLimits } from '../request/generate-request.ts';

/** A rectangle in pixels of the picture; may reach beyond it where the model's view was padded. */
export type Region = {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
};

/**
 * One view of a picture as visual tokens, row by row from the top left. A token is a distribution over the visual
 * vocabulary; its most likely words are the closest thing to what the model "reads" there.
 */
export type LookView = {
  /** `whole`: the picture; `part`: a sub-image of its grid. */
  readonly kind: 'whole' | 'part';
  /** Visual tokens from top to bottom. */
  readonly rows: number;
  /** Visual tokens from left to right. */
  readonly columns: number;
  /** Where the grid of tokens lies on the picture. */
  readonly region: Region;
  /** `[rows * columns, k]`: the most likely visual words, most likely first, as rows of the visual embedding table. */
  readonly words: Int32Array;
  /** `[rows * columns, k]`: their probabilities, in [0, 1]. */
  readonly probabilities: Float32Array;
  /** `[rows * columns]`: entropy of each token's distribution in nats; 0 is certain, `ln(visualWords)` knows nothing. */
  readonly entropy: Float32Array;
};

/** A picture as the model sees it. */
export type Look = {
  /** Pixels of the picture. */
  readonly height: number;
  readonly width: number;
  /** `U`: words of the visual vocabulary. */
  readonly visualWords: number;
  /** `k`: words given for each token. */
  readonly wordsPerToken: number;
  /** The whole picture first, then the sub-images of its grid, row by row. */
  readonly views: readonly LookView[];
};

/** How to look. */
export type LookOptions = ImageLimits & {
  /** Ends the work before the next run of the graph. */
  readonly signal?: AbortSignal | undefined;
};
