import type { ModelPart, WeightDtype } from '@ovis/core';
import type { WeightStorage } from '../weights/weight-expression.ts';
import type { TargetDevice } from './capabilities.ts';
import { isSensitive, type SensitiveDtype } from './is-sensitive.ts';
import type { MatrixPlace } from './matrix-place.ts';

/** What a storage is chosen for. */
export type StorageRequest = {
  readonly place: MatrixPlace;
  readonly dtype: WeightDtype;
  readonly device: TargetDevice;
  /** Length of the matrix's input axis, the one that is cut into blocks. */
  readonly inputs: number;
  /** What int4 stores sensitive matrices in. */
  readonly sensitive: SensitiveDtype;
};

/** Float storage, blocks or columns. */
export type MatrixStorage =
  | { readonly kind: 'f32' | 'f16' | 'columns' }
  | Extract<WeightStorage, { readonly kind: 'blocks' }>;

/** Parts whose int4 is stored with 8 bits. */
const neverFourBits: ReadonlySet<ModelPart> = new Set(['lmHead', 'textTable', 'vit', 'visualHead', 'visualTable']);

/** Parts that CPUs multiply as whole numbers, by what was asked for. */
const inColumns: Readonly<Record<'int8' | 'int4', ReadonlySet<ModelPart>>> = {
  int8: new Set(['decoder', 'lmHead', 'vit', 'visualHead']),
  int4: new Set(['vit', 'visualHead']),
};

/** `MatMulNBits` takes powers of two from here on. */
const SMALLEST_BLOCK = 16;

/**
 * How a matrix is stored.
 *
 * - int4 on a CPU: blocks of 64 with zero points. Of all block sizes it decodes fastest, and its error is
 *   that of symmetric blocks of 32 at half a bit less.
 * - int4 on WebGPU: symmetric blocks of 32, the only form that ONNX Runtime's fused products take.
 * - int8 on a CPU: columns, for products of whole numbers, with activations that are quantised row by row. They read
 *   prompts two to three times as fast as blocks do. Tables that the host reads by rows have symmetric blocks of 128.
 * - int8 on WebGPU: symmetric blocks of 32, which its fast kernels want. At 8 bits a zero point buys a tenth of an error
 *   that is 0.5 % already.
 * - int4 means 8 bits for the text head and table (which share bytes when tied), for the ViT, and for the
 *   visual head and table: a softmax over 65,000 words does not forgive 4 bits. So it does for the sensitive
 *   matrices of the language model, see `isSensitive`, unless 4 bits are asked for there too.
 * - The visual table has blocks everywhere: a probability is rounded next to those of its block, where a whole row
 *   would round all small ones to 0, which together may outweigh the large ones.
 *
 * An input axis shorter than a block gets the smallest legal block that holds it; the last block is padded.
 */
export function weightStorage({ place, dtype, device, inputs, sensitive }: StorageRequest): MatrixStorage {
  if (dtype === 'f32' || dtype === 'f16') return { kind: dtype };
  if (device === 'cpu' && inColumns[dtype].has(place.part)) return { kind: 'columns' };
  const needsEight = neverFourBits.has(place.part) || (sensitive === 'int8' && isSensitive(place));
  const bits = dtype === 'int4' && !needsEight ? 4 : 8;
  const preferred = device === 'webgpu' ? 32 : bits === 4 ? 64 : 128;
  const symmetric = device === 'webgpu' || bits === 8;
  return { kind: 'blocks', bits, blockSize: legalBlock(preferred, inputs), symmetric };
}

/** Four bits for a CPU, whatever the part, where all that matters is which rows come first. */
export function roughStorage(inputs: number): Extract<WeightStorage, { readonly kind: 'blocks' }> {
  return { kind: 'blocks', bits: 4, blockSize: legalBlock(128, inputs), symmetric: false };
}

function legalBlock(preferred: number, inputs: number): number {
  let block = SMALLEST_BLOCK;
  while (block < preferred && block < inputs) block *= 2;
  return block;
}
