import type { BundleManifest } from 'ovis/node';

/** What a conversion did; `ovis convert --json` prints this object. */
export type Conversion = Pick<BundleManifest, 'dtypes' | 'device' | 'unusedTensors' | 'warnings'> & {
  /** Absolute path of the checkpoint. */
  readonly checkpoint: string;
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Bytes of the checkpoint's tensors. */
  readonly checkpointBytes: number;
  /** Bytes of the bundle's files, without its manifest. */
  readonly bytes: number;
  /** `bytes / checkpointBytes`. */
  readonly ratio: number;
  readonly seconds: number;
  /** Elements of the checkpoint's tensors. */
  readonly parameters: number;
};
