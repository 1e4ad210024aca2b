import type { VisualItem } from '@ovis/core';

/** A picture or video as the visual tokenizer takes it. */
export type PreparedVisual = {
  /** What the prompt needs to know. */
  readonly item: VisualItem;
  /** Sub-images with the overview (models with square sub-images), or frames (native resolution). */
  readonly views: number;
  /** `P`. */
  readonly patchesPerView: number;
  /**
   * `[views, P, C*p*p]`, normalised. Features are ordered channel, pixel row, pixel column; patches row by row
   * (square sub-images) or merge block by merge block (native resolution).
   */
  readonly patches: Float32Array;
  /** Patches: `time` frames (1 for a picture), `height` and `width` of one view. */
  readonly grid: { readonly time: number; readonly height: number; readonly width: number };
};
