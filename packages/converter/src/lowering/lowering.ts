import type { ModelPart, WeightDtype } from '@ovis/core';
import { capabilitiesOf, type Capabilities, type TargetDevice } from './capabilities.ts';
import type { PackedReader } from '../packed/packed-reader.ts';
import { isImported } from '../weights/integer-storage.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';
import { importedStorage } from './imported-storage.ts';
import type { SensitiveDtype } from './is-sensitive.ts';
import type { MatrixPlace } from './matrix-place.ts';
import { weightStorage, type MatrixStorage } from './weight-storage.ts';

/** 32 bits per number, or 8 and a scale per row. */
export type KeyValueDtype = 'f32' | 'int8';

/** How layers are written down for one target and one choice of dtypes. */
export type Lowering = {
  readonly capabilities: Capabilities;
  /** How keys and values of earlier positions are kept. */
  readonly keyValues: KeyValueDtype;
  /** Storage of a matrix with `inputs` columns; `weight [out, in]` tells where it may keep its integers. */
  storageOf(place: MatrixPlace, inputs: number, weight?: WeightExpression): MatrixStorage;
  /** Whether matrices on top of each other are stored as well as each for itself. */
  fitTogether(place: MatrixPlace, inputs: number, weights: readonly WeightExpression[]): boolean;
};

/** What a lowering may know besides. */
export type LoweringOptions = {
  /** Matrices that the checkpoint holds as integers, which blocks keep as they are. Default: none. */
  readonly packed?: Pick<PackedReader, 'formatOf'> | undefined;
  /** Default: f32. */
  readonly keyValues?: KeyValueDtype;
  /** What int4 stores sensitive matrices in. Default: int8. */
  readonly sensitive?: SensitiveDtype;
};

/** The lowering for a device, and the dtype of each part. */
export function createLowering(
  device: TargetDevice,
  dtypes: Readonly<Record<ModelPart, WeightDtype>>,
  { packed, keyValues = 'f32', sensitive = 'int8' }: LoweringOptions = {},
): Lowering {
  const storageOf: Lowering['storageOf'] = (place, inputs, weight) => {
    const computed = weightStorage({ place, dtype: dtypes[place.part], device, inputs, sensitive });
    return (weight && packed && importedStorage(weight, computed, packed)) ?? computed;
  };
  return {
    capabilities: capabilitiesOf(device),
    keyValues,
    storageOf,
    fitTogether(place, inputs, weights) {
      if (isImported(storageOf(place, inputs, { op: 'concat', parts: weights }))) return true;
      return !weights.some((weight) => isImported(storageOf(place, inputs, weight)));
    },
  };
}
