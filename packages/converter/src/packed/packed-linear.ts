import type { Quantisation } from './quantisation.ts';

/** A linear layer of a quantised checkpoint. */
export type PackedLinear = Pick<Quantisation, 'method' | 'bits' | 'zeroPoints'> & {
  /** Name of its tensors without `.qweight` and the like. */
  readonly prefix: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly groupSize: number;
  readonly groups: number;
  /** Group of every input; null where they follow each other. */
  readonly groupOf: Int32Array | null;
};

/** Numbers per 32-bit word. */
export function codesPerWord({ bits }: Pick<PackedLinear, 'bits'>): number {
  return 32 / bits;
}
