import type { ElementType } from './element-type.ts';

/** A tensor inside a safetensors file; nothing of its data is in memory. */
export type StoredTensor = {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly elements: number;
  /** Name of the file, relative to the checkpoint. */
  readonly file: string;
  /** First byte of the data, from the start of the file. */
  readonly offset: number;
  /** Bytes of data. */
  readonly bytes: number;
};
