import { ModelFileError } from '@ovis/core';
import type { VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/value.ts';
import type { RotaryTables } from '../layers/rotary-embedding.ts';
import { aimv2 } from './aimv2.ts';
import { siglip2Navit } from './siglip2-navit.ts';
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

/** Towers by the `model_type` of their config. */
const towers: ReadonlyMap<string, VisionTower> = new Map<string, VisionTower>([
  ['aimv2', aimv2],
  ['siglip2_navit', siglip2Navit],
]);

/** The tower of a config. */
export function visionTowerOf({ modelType }: VisionConfig): VisionTower {
  const tower = towers.get(modelType);
  if (tower) return tower;
  const known = [...towers.keys()].join(', ');
  throw new ModelFileError(
    `The config names the vision tower "${modelType}"; this version converts ${known}. ` +
      'Take a checkpoint of Ovis2 or Ovis2.5, or a newer version of the converter.',
    { details: { modelType } },
  );
}
