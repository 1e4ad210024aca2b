import type { FileRange, GraphSignature, IntegerProducts } from '@ovis/core';
import type { GraphWeight } from '../weights/weight-expression.ts';

/** A graph that is complete but for the place of its weights. */
export type BuiltGraph = {
  readonly signature: GraphSignature;
  /** Every weight that must be written before the graph can be serialised. */
  readonly weights: readonly GraphWeight[];
  /** Whether the file for processors with narrow products is another one. */
  readonly dependsOnProducts: boolean;
  /**
   * The `.onnx` file; `locate` tells where the bytes of each external initializer lie, by initializer name.
   *
   * @param products - The processors it is for. Default: `wide`.
   */
  serialise(locate: (initializer: string) => FileRange, products?: IntegerProducts): Uint8Array;
};
