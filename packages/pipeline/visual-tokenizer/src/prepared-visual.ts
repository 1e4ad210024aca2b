import type { VisualItem } from '@ovis/core';

/** A picture or video as the visual tokenizer takes it. */
export type PreparedVisual = {
  /** What the prompt needs to know. */
  readonly item: VisualItem;
  /**
   * Sub-images with the overview (models with square sub-images), frames (native resolution), or the whole and its four
   * quarters (a second scale).
   */
  readonly views: number;
  /** `P`. */
  readonly patchesPerView: number;
  /**
   * `[views, P, C*p*p]`, normalised; zeros where a second scale is absent. Features are ordered channel, pixel row, pixel column; patches row by row
   * (square views) or merge block by merge block (native resolution).
   */
  readonly patches: Float32Array;
  /**
   * `[views, 3, n]`, normalised: the `n` pixels at the right and at the bottom of square views that no whole patch
   * covers (384 is no multiple of 14). The model never sees them; `pixelValues` needs them. Empty at native resolution.
   */
  readonly uncovered: Float32Array;
  /** Whether the picture's quarters count; `absent` for pictures that are too small for an adaptive second scale. */
  readonly secondScale: 'none' | 'present' | 'absent';
  /** Patches: `time` frames (1 for a picture), `height` and `width` of one view. */
  readonly grid: { readonly time: number; readonly height: number; readonly width: number };
};
