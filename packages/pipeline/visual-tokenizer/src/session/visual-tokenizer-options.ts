import type { Backend, GraphDescription, GraphSource, ModelDescription, OnProgress } from '@ovis/core';

/** What a visual tokenizer is made of. */
export type VisualTokenizerSource = {
  /** Borrowed: it must outlive the visual tokenizer. */
  readonly backend: Backend;
  readonly graph: GraphSource;
  readonly description: GraphDescription;
  readonly model: ModelDescription;
  /** Learned position table `[positionGrid^2, d]` of models with native resolution, else null. */
  readonly positions: Float32Array | null;
};

/** How a picture is tokenized. */
export type TokenizeOptions = {
  /** Ends the work before the next run of the graph; the promise is then rejected with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Also returns features, logits and probabilities; needs a bundle that was converted with them. Default: false. */
  readonly intermediates?: boolean;
  /** Called after each run with the views done so far; phase `vision`. */
  readonly onProgress?: OnProgress | undefined;
};
