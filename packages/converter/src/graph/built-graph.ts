import type { FileRange, GraphSignature } from '@ovis/core';
import type { GraphWeight } from '../weights/weight-expression.ts';

/** A graph that is complete but for the place of its weights. */
export type BuiltGraph = {
  readonly signature: GraphSignature;
  /** Every weight that must be written before the graph can be serialised. */
  readonly weights: readonly GraphWeight[];
  /** The `.onnx` file; `locate` tells where the bytes of each external initializer lie, by initializer name. */
  serialise(locate: (initializer: string) => FileRange): Uint8Array;
};
