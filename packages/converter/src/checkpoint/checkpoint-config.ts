import type { ModelDescription, OvisGeneration, SecondScale } from '@ovis/core';
import type { LanguageModelConfig } from './language-model-config.ts';

/** The vision tower and head as the config (and, where it is wrong, the tensors) tell it. */
export type VisionConfig = {
  /** `clip`, `siglip`, `aimv2`, `siglip2_navit`. */
  readonly modelType: string;
  /** `d`. */
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForwardSize: number;
  /** `p`, pixels. */
  readonly patchSize: number;
  /** Frames per patch; 1 but for 2.5-style configs that say otherwise. */
  readonly temporalPatchSize: number;
  readonly normEpsilon: number;
  /** `m`. */
  readonly mergeStride: number;
  /** Side of a view in patches (tiled models), or side of the position table (native models). */
  readonly gridSide: number;
  /** Bias of the fused query, key, value projection (AIMv2). */
  readonly queryKeyValueBias: boolean;
  /** Biases of the other linear layers (AIMv2). */
  readonly linearBias: boolean;
  /** Learned positions (native models may go without). */
  readonly learnedPositions: boolean;
  /** 2-D rotary positions in every block (native models). */
  readonly rotaryPositions: boolean;
  /** Whether the tower puts a token of its own before the patches (CLIP); Ovis drops its feature. */
  readonly classToken: boolean;
  /** Whether features of a picture's quarters are joined with those of the whole (1.5). */
  readonly secondScale: SecondScale;
  /** `U`, rows of the visual head. */
  readonly visualVocabularySize: number;
  /** Indicator rows at the end of the visual embedding table. */
  readonly indicators: number;
  /** How logits become the distribution. */
  readonly tokenizeFunction: 'softmax' | 'argmax';
};

/** A checkpoint's config, normalised over the dialects it comes in. */
export type CheckpointConfig = {
  readonly generation: OvisGeneration;
  readonly modelType: string;
  readonly architecture: string;
  readonly language: LanguageModelConfig;
  readonly vision: VisionConfig;
  /** What ends up in the manifest for the stages. */
  readonly model: ModelDescription;
  /** Contradictions that were settled, in words for the user. */
  readonly warnings: readonly string[];
};

/** The part of a config that graphs are built from. */
export type ModelConfig = Pick<CheckpointConfig, 'language' | 'vision'>;
