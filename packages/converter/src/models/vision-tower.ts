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

/**
 * A vision tower: patches `[B, P, C*p*p]` to features `[B, P, d]`, the last block's output before any final norm. With
 * a class token it is row 0 of `P + 1`.
 */
export type VisionTower = TiledTower | NativeTower;

/** A tower for square views of one size. */
export type TiledTower = {
  readonly kind: 'tiled';
  readonly unused: readonly UnusedTensor[];
  features(g: GraphBuilder, patches: Value, config: VisionConfig): Value;
};

/** A tower for pictures at their own resolution. */
export type NativeTower = {
  readonly kind: 'native';
  readonly unused: readonly UnusedTensor[];
  features(g: GraphBuilder, patches: Value, config: VisionConfig, native: NativePositions): Value;
};
