// Conversion
export { convertCheckpoint } from './convert-checkpoint.ts';
export type { ConvertOptions } from './convert-options.ts';
export type { SensitiveDtype } from './lowering/is-sensitive.ts';
export type { KeyValueDtype } from './lowering/lowering.ts';

export { converterVersion } from './converter-version.ts';

// Looking into a checkpoint
export {
  inspectCheckpoint,
  type CheckpointPart,
  type CheckpointQuantisation,
  type CheckpointSummary,
  type TensorTotals,
} from './inspect-checkpoint.ts';
export type { Quantisation } from './packed/quantisation.ts';
export type { ElementType } from './safetensors/element-type.ts';
