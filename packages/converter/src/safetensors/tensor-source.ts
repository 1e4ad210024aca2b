import type { TensorReader } from '../weights/read-expression.ts';
import type { StoredTensor } from './stored-tensor.ts';

/** The tensors of a checkpoint, as they are stored or under other names and in other forms. */
export interface TensorSource extends TensorReader {
  /** By name, in the order of the files. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Fills `into` with a tensor's stored bytes, from byte `start` on, whatever its type. */
  readBytes(name: string, start: number, into: Uint8Array): Promise<void>;
}
