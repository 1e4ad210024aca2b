import type { ModelPart, WeightDtype } from '@ovis/core';
import { capabilitiesOf, type Capabilities, type TargetDevice } from './capabilities.ts';
import { weightStorage, type MatrixStorage } from './weight-storage.ts';

/** How layers are written down for one target and one choice of dtypes. */
export type Lowering = {
  readonly capabilities: Capabilities;
  /** Storage of a matrix of `part` with `inputs` columns. */
  storageOf(part: ModelPart, inputs: number): MatrixStorage;
};

/** The lowering for a device, and the dtype of each part. */
export function createLowering(device: TargetDevice, dtypes: Readonly<Record<ModelPart, WeightDtype>>): Lowering {
  return {
    capabilities: capabilitiesOf(device),
    storageOf: (part, inputs) => weightStorage({ part, dtype: dtypes[part], device, inputs }),
  };
}
