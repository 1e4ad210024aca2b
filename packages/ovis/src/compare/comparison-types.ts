import type { ChatMessage, OnProgress } from '@ovis/core';
import type { ImageLimits } from '../request/generate-request.ts';

/** A question that both models are asked. */
export type CompareSample = {
  readonly messages: readonly ChatMessage[];
  /** Bounds for its pictures. */
  readonly image?: ImageLimits | undefined;
};

/** How far one stage of the candidate is from the reference: `|candidate - reference| / |reference|`, 0 is equal. */
export type RelativeError = number;

/** One sample, stage by stage. */
export type SampleComparison = {
  /** Visual embeddings of all pictures; null without pictures. */
  readonly visualEmbeddings: RelativeError | null;
  /** Share of visual tokens whose most likely word is the same, in [0, 1]; null without pictures. */
  readonly sameVisualWord: number | null;
  /** Mean difference of the entropies of the visual tokens in nats; null without pictures. */
  readonly entropyDifference: number | null;
  /** Logits over the text vocabulary at the positions that are compared. */
  readonly logits: RelativeError;
  /** Mean Kullback-Leibler divergence of the next-token distributions in nats, reference against candidate. */
  readonly divergence: number;
  /** The largest of them. */
  readonly worstDivergence: number;
  /** Share of positions whose most likely token is the same, in [0, 1]. */
  readonly sameToken: number;
  /** Positions compared: the one after the prompt, and those along the reference's greedy answer. */
  readonly positions: number;
};

/** How a candidate differs from a reference. */
export type Comparison = {
  readonly samples: readonly SampleComparison[];
  /** Means over the samples, weighted by positions where they are per position; the worst divergence is the largest. */
  readonly overall: SampleComparison;
};

/** How models are compared. */
export type CompareOptions = {
  /** Tokens of the reference's greedy answer along which both are compared, in [1, 512]. Default: 16. */
  readonly maxNewTokens?: number | undefined;
  /** Hears of each sample that is done. */
  readonly onProgress?: OnProgress | undefined;
  /** Ends the work before its next step. */
  readonly signal?: AbortSignal | undefined;
};
