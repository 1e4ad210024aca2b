import type { VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/value.ts';
import type { RotaryTables } from '../layers/rotary-embedding.ts';
import type { UnusedTensor } from './unused-tensor.ts';

/** What native-resolution towers get besides patches. */
export type NativePositions = {
  /** Learned positions, resized to the picture's grid, `[P, d]`. */
  readonly positions: Value;
  /** 2-D rotary positions, `[P, h/2]`. */
  readonly rotary: RotaryTables;
};

/** A vision tower: patches `[B, P, C*p*p]` to features `[B, P, d]`, the last block's output before any final norm. */
export type VisionTower = { readonly unused: readonly UnusedTensor[] } & (
  | { readonly kind: 'tiled'; features(g: GraphBuilder, patches: Value, config: VisionConfig): Value }
  | {
      readonly kind: 'native';
      features(g: GraphBuilder, patches: Value, config: VisionConfig, native: NativePositions): Value;
    }
);
