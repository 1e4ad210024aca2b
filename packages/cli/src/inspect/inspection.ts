import type { CheckpointSummary } from '@ovis/converter';
import type { BundleManifest, ModelDescription } from 'ovis/node';

type Common = {
  /** Absolute path of the folder. */
  readonly path: string;
  readonly name: string;
  readonly generation: ModelDescription['generation'];
  /** `model_type` and first architecture of the checkpoint's config. */
  readonly modelType: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly model: ModelDescription;
  /** How the checkpoint was quantised by its authors, in words; null where it was not. */
  readonly quantisation: string | null;
  readonly warnings: readonly string[];
};

type PartName = keyof BundleManifest['parameters'];

/** A file of a bundle, compared by size with what the manifest says. */
export type InspectedFile = {
  readonly path: string;
  /** As the manifest says. */
  readonly bytes: number;
  readonly sha256: string;
  readonly state: 'present' | 'missing' | 'other size';
};

/** A bundle. `bytes` are those of all files but the manifest. */
export type BundleInspection = Common & {
  readonly kind: 'bundle';
  readonly device: BundleManifest['device'];
  /** Version of the converter that wrote it. */
  readonly converter: string;
  readonly parts: Readonly<
    Record<PartName, { readonly parameters: number; readonly dtype: BundleManifest['dtypes'][PartName] }>
  >;
  readonly files: readonly InspectedFile[];
  readonly unusedTensors: BundleManifest['unusedTensors'];
};

/** A checkpoint. `bytes` are those of its tensors. */
export type CheckpointInspection = Common & {
  readonly kind: 'checkpoint';
  readonly tensors: number;
  readonly parts: CheckpointSummary['parts'];
  readonly dtypes: CheckpointSummary['dtypes'];
  readonly files: CheckpointSummary['files'];
};

/** What a folder is; `ovis inspect --json` prints this object. */
export type Inspection = BundleInspection | CheckpointInspection;
