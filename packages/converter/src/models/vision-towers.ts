import { ModelFileError } from '@ovis/core';
import type { VisionConfig } from '../checkpoint/checkpoint-config.ts';
import { aimv2 } from './aimv2.ts';
import { clip } from './clip.ts';
import { siglip } from './siglip.ts';
import { siglip2Navit } from './siglip2-navit.ts';
import type { VisionTower } from './vision-tower.ts';

/** Towers by the `model_type` of their config. */
const towers: ReadonlyMap<string, VisionTower> = new Map<string, VisionTower>([
  ['clip', clip],
  ['siglip', siglip],
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
      'Take an official checkpoint of Ovis, or a newer version of the converter.',
    { details: { modelType } },
  );
}
