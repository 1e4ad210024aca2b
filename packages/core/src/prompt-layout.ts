import type { TokenId } from './token-id.ts';

/**
 * A stretch of the sequence that the language model reads. The prompt stays structure until the last
 * moment, so no text of a user can ever become a picture or an indicator.
 */
export type PromptSegment =
  | { readonly kind: 'text'; readonly ids: readonly TokenId[] }
  /** A row of the visual indicator table, counted from its start. */
  | { readonly kind: 'indicator'; readonly index: number }
  /** `length` visual embeddings of visual item `item`, from its embedding number `offset` on. */
  | { readonly kind: 'visual'; readonly item: number; readonly offset: number; readonly length: number };

/** The whole prompt, ready to be embedded. */
export type PromptLayout = {
  readonly segments: readonly PromptSegment[];
  /** Positions in total. */
  readonly length: number;
  /** Of these, positions that are text tokens. */
  readonly textTokens: number;
  /** Positions that are visual embeddings or indicators. */
  readonly visualTokens: number;
};

/** What a prompt needs to know about a picture or video before its embeddings exist. */
export type VisualItem = {
  readonly kind: 'image' | 'video';
  /** Sub-images as rows and columns of the grid (1 x 1: the whole picture only), for tiled generations. */
  readonly tiles?: { readonly rows: number; readonly columns: number };
  /** Visual tokens of one sub-image (tiled), or of the whole item (one view, native resolution). */
  readonly tokensPerView: number;
  /** Sub-images, or 1 for one view and for native resolution. */
  readonly views: number;
};

/** Visual embeddings of one picture or video. */
export type VisualEmbeddings = {
  /** `[views * tokensPerView, D]`, float32. */
  readonly data: Float32Array;
  /** Rows of `data`. */
  readonly length: number;
  /** Numbers per row. */
  readonly hiddenSize: number;
};

/** What the language model reads: one embedding per position of the prompt. */
export type InputEmbeddings = {
  /** `[S, D]`, float32. */
  readonly data: Float32Array;
  /** `S`, positions. */
  readonly length: number;
  /** `D`. */
  readonly hiddenSize: number;
};
