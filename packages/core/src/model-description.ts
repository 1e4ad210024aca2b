import type { OvisGeneration, PromptFormat } from './ovis-generation.ts';

/** Sizes of the language model. */
export type LanguageModelDescription = {
  /** `model_type` of the checkpoint's language model, for instance `qwen2`. */
  readonly architecture: string;
  /** `D`. */
  readonly hiddenSize: number;
  /** `L`. */
  readonly layers: number;
  /** `H`. */
  readonly heads: number;
  /** `K`. */
  readonly keyValueHeads: number;
  /** `h`. */
  readonly headSize: number;
  /** `N`, rows of the logits; may exceed the tokenizer's vocabulary. */
  readonly vocabularySize: number;
  /** Positions the model was made for, prompt and answer together. */
  readonly contextLength: number;
};

/** Sizes of the vision tower and the visual vocabulary. */
export type VisionDescription = {
  /** `aimv2`, `siglip2_navit`, `siglip`, `clip`. */
  readonly architecture: string;
  /** `d`. */
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  /** `p`, in pixels. */
  readonly patchSize: number;
  /** `m`. */
  readonly mergeStride: number;
  /** `U`: visual words, without the indicator rows. */
  readonly visualVocabularySize: number;
  /** Indicator rows at the end of the visual embedding table. */
  readonly indicators: number;
};

/** Filters of Pillow's resize. */
export type ResizeFilter = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';

/** Pixel values to ViT input: `(value * rescale - mean) / std` per channel. */
export type PixelNormalisation = {
  /** 1/255 in released models. */
  readonly rescale: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
};

/**
 * Whether a picture is seen at a second scale, as its four quarters, whose features are pooled and joined with those
 * of the whole (`hd_booster` of 1.5): `always`, or `adaptive`, which spares small pictures.
 */
export type SecondScale = 'none' | 'always' | 'adaptive';

/** Generations 1.0 to 2: views fitted into a square and padded. */
export type TiledPreprocessing = PixelNormalisation & {
  readonly kind: 'tiles';
  readonly filter: ResizeFilter;
  /** Side of a view in pixels. */
  readonly side: number;
  /** Default for the largest number of sub-images; 1 means the whole picture only. Always 1 for models of one view. */
  readonly maxPartition: number;
  /** Visual tokens per view (with a second scale: of all views of a picture together). */
  readonly tokensPerView: number;
  /** Absent means `none`. */
  readonly secondScale?: SecondScale;
};

/** Generations 2.5 and later: native resolution. */
export type NativePreprocessing = PixelNormalisation & {
  readonly kind: 'native';
  readonly filter: ResizeFilter;
  /** Default bounds of the resized picture's area in pixels. */
  readonly minPixels: number;
  readonly maxPixels: number;
  /** Frames per temporal patch, 1 in released models. */
  readonly temporalPatchSize: number;
  /** Side of the learned position table (32 in released models), or null where the model has none. */
  readonly positionGrid: number | null;
  /** Head size of the 2-D rotary embedding, or null where the model has none. */
  readonly rotaryHeadSize: number | null;
};

/** What the stages need to know about a model; part of every bundle's manifest. */
export type ModelDescription = {
  readonly generation: OvisGeneration;
  /** Name of the model, for people. */
  readonly name: string;
  readonly language: LanguageModelDescription;
  readonly vision: VisionDescription;
  readonly preprocessing: TiledPreprocessing | NativePreprocessing;
  readonly promptFormat: PromptFormat;
  /** Token ids that end an answer. */
  readonly stopTokens: readonly number[];
  /** Token that closes the thinking part, where the model thinks. */
  readonly thinkEndToken: number | null;
};
