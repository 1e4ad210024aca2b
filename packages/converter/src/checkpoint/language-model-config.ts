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
    }
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      /** Factor of cosines and sines. */
      readonly attentionFactor: number;
      /** Turns over the original context above which a frequency is kept. */
      readonly fastTurns: number;
      /** Turns below which it is divided by `factor`. */
      readonly slowTurns: number;
      readonly originalContextLength: number;
      /** Whether the bounds between the two are rounded to whole pairs. */
      readonly truncate: boolean;
    };

/**
 * What a layer mixes positions with: attention to all of them, to the last `slidingWindow`, or a gated delta
 * net, whose memory has a fixed size.
 */
export type LayerKind = 'full' | 'sliding' | 'linear';

/** Feed-forwards of which a router chooses a few per position. */
export type ExpertsConfig = {
  /** `E`. */
  readonly count: number;
  /** Experts per position. */
  readonly chosen: number;
  /** Inner size of one. */
  readonly feedForwardSize: number;
  /** Whether the weights of the chosen are divided by their sum. */
  readonly renormalise: boolean;
  /** Inner size of the expert that every position goes through, or null where there is none. */
  readonly sharedFeedForwardSize: number | null;
};

/** Sizes of gated delta nets. */
export type LinearAttentionConfig = {
  readonly keyHeads: number;
  /** A multiple of `keyHeads`. */
  readonly valueHeads: number;
  readonly keyHeadSize: number;
  readonly valueHeadSize: number;
  /** Positions that the convolution before it sees, the current one included. */
  readonly kernelSize: number;
};

/** The language model as its config tells it, names spelled out. */
export type LanguageModelConfig = {
  /** `qwen2`, `qwen3`, ... */
  readonly modelType: string;
  /** `D`. */
  readonly hiddenSize: number;
  /** `L`. */
  readonly layers: number;
  /** One per layer. */
  readonly layerKinds: readonly LayerKind[];
  /** Whether a layer's feed-forward is dense or made of experts; one per layer. */
  readonly feedForwards: readonly ('dense' | 'experts')[];
  /** `H`. */
  readonly heads: number;
  /** `K`. */
  readonly keyValueHeads: number;
  /** `h`; need not be `hiddenSize / heads`. */
  readonly headSize: number;
  /** `F` of dense layers. */
  readonly feedForwardSize: number;
  readonly activation: 'silu' | 'gelu-tanh';
  /** `N`. */
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling;
  /** Values of a head that are rotated, from the first on; `headSize` in most models. */
  readonly rotarySize: number;
  readonly normEpsilon: number;
  /** What is added to the stored weight of a norm: 1 where a checkpoint holds `w` and means `1 + w`. */
  readonly normOffset: 0 | 1;
  /** Factor of every embedding, visual ones too, before the first layer; 1 in most models. */
  readonly embeddingScale: number;
  /** Factor of attention scores, `headSize ** -0.5` in most models. */
  readonly attentionScale: number;
  /** `c` of `c * tanh(score / c)`, or null for scores as they are. */
  readonly attentionSoftCap: number | null;
  /** The same for logits. */
  readonly logitSoftCap: number | null;
  /** Positions that a sliding layer attends to, the current one included; null where no layer slides. */
  readonly slidingWindow: number | null;
  /** Biases on the query, key and value projections. */
  readonly queryKeyValueBias: boolean;
  /** RMSNorm on every head's query and key. */
  readonly queryKeyNorm: boolean;
  /** Whether the output head is the embedding matrix. */
  readonly tiedEmbeddings: boolean;
  /** Null where all layers are dense. */
  readonly experts: ExpertsConfig | null;
  /** Null where no layer is linear. */
  readonly linearAttention: LinearAttentionConfig | null;
};
