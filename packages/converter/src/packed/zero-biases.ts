import type { TensorSource } from '../safetensors/tensor-source.ts';
import type { UnusedTensor } from '../models/unused-tensor.ts';
import type { PackedLinear } from './packed-linear.ts';

/**
 * Biases of packed layers that are all zero: some tools write one for every layer, whether the model has it or not.
 * Those that no graph reads change nothing.
 */
export async function zeroBiases(
  source: TensorSource,
  linears: ReadonlyMap<string, PackedLinear>,
): Promise<readonly UnusedTensor[]> {
  const found: UnusedTensor[] = [];
  for (const { prefix, outputs } of linears.values()) {
    const name = `${prefix}.bias`;
    if (source.tensors.get(name)?.elements !== outputs) continue;
    const bias = new Float32Array(outputs);
    await source.read(name, 0, bias);
    if (bias.some((value) => value !== 0)) continue;
    const pattern = new RegExp(`^${name.replaceAll(/[^\w]/g, String.raw`\$&`)}$`);
    found.push({ pattern, reason: 'a bias of zeros, which tools add when they quantise' });
  }
  return found;
}
