import type { ModelDescription, NativePreprocessing, TiledPreprocessing, VisionDescription } from '@ovis/core';
import { fixtureModel } from './fixture-model.ts';

const tiny = { tiles: fixtureModel('ovis2-tiny'), native: fixtureModel('ovis2.5-tiny') };

/** A model with square sub-images; sizes of the tiny fixture unless said otherwise. */
export function tiledModel(
  preprocessing: Partial<TiledPreprocessing> = {},
  vision: Partial<VisionDescription> = {},
): ModelDescription {
  if (tiny.tiles.preprocessing.kind !== 'tiles') throw new Error('The fixture is of another kind.');
  return {
    ...tiny.tiles,
    preprocessing: { ...tiny.tiles.preprocessing, ...preprocessing },
    vision: { ...tiny.tiles.vision, ...vision },
  };
}

/** A model with native resolution; sizes of the tiny fixture unless said otherwise. */
export function nativeModel(
  preprocessing: Partial<NativePreprocessing> = {},
  vision: Partial<VisionDescription> = {},
): ModelDescription {
  if (tiny.native.preprocessing.kind !== 'native') throw new Error('The fixture is of another kind.');
  return {
    ...tiny.native,
    preprocessing: { ...tiny.native.preprocessing, ...preprocessing },
    vision: { ...tiny.native.vision, ...vision },
  };
}
