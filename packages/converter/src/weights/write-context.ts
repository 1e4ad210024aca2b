import type { OutputFile } from '../bundle/output-file.ts';
import type { PackedReader } from '../packed/packed-reader.ts';
import type { Quantiser } from '../quantise/quantiser.ts';
import type { TensorReader } from './read-expression.ts';

/** What a weight is written with. */
export type WriteContext = {
  /** Also gives the integers of packed matrices, where the checkpoint has any. */
  readonly tensors: TensorReader & { readonly packed?: PackedReader };
  readonly file: OutputFile;
  /** What puts rows into blocks. */
  readonly quantiser: Quantiser;
  /** Called after every batch with the bytes it gave; throws to stop. */
  readonly onBytes: (bytes: number) => void;
  /** Called with the number of values of a weight that float16 cannot hold. */
  readonly onOverflow: (count: number) => void;
};
