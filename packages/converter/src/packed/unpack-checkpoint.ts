import { ModelFileError } from '@ovis/core';
import type { TensorSource } from '../safetensors/tensor-source.ts';
import { findPackedLinears, packedPrefixes } from './find-packed-linears.ts';
import { PackedTensors } from './packed-tensors.ts';
import type { Quantisation } from './quantisation.ts';

/**
 * The tensors of a checkpoint with its packed layers as matrices; as they are where nothing is quantised.
 *
 * @throws ModelFileError when settings and tensors do not belong together.
 * @throws WeightMismatchError listing all tensors of packed layers that are missing or misshapen.
 */
export async function unpackCheckpoint(
  source: TensorSource,
  quantisation: Quantisation | null,
): Promise<PackedTensors | null> {
  if (quantisation !== null) return new PackedTensors(source, await findPackedLinears(source, quantisation));
  const [packed] = packedPrefixes(source.tensors);
  if (packed === undefined) return null;
  throw new ModelFileError(
    `The checkpoint holds packed (quantised) tensors such as ${packed}.qweight, but neither config.json nor ` +
      'quantize_config.json says how they are packed. Download both files of the same revision.',
    { details: { tensor: `${packed}.qweight` } },
  );
}
