import type { ModelDescription, OvisGeneration } from '@ovis/core';

/** Rescaling of rotary frequencies; parsed from `rope_scaling`. */
export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalContextLength: number;
    };

/** The language model as its config tells it, names spelled out. */
export type LanguageModelConfig = {
  /** `qwen2`, `qwen3`, ... */
  readonly modelType: string;
  /** `D`. */
  readonly hiddenSize: number;
  /** `L`. */
  readonly layers: number;
  /** `H`. */
  readonly heads: number;
  /** `K`. */
  readonly keyValueHeads: number;
  /** `h`; need not be `hiddenSize / heads`. */
  readonly headSize: number;
  /** `F`. */
  readonly feedForwardSize: number;
  /** `N`. */
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling;
  readonly normEpsilon: number;
  /** Biases on the query, key and value projections. */
  readonly queryKeyValueBias: boolean;
  /** RMSNorm on every head's query and key. */
  readonly queryKeyNorm: boolean;
  /** Whether the output head is the embedding matrix. */
  readonly tiedEmbeddings: boolean;
};

/** The vision tower and head as the config (and, where it is wrong, the tensors) tell it. */
export type VisionConfig = {
  /** `aimv2`, `siglip2_navit`, ... */
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
