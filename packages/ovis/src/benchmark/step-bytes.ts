import { bytesPerElement, graphFor, type BundleManifest } from '@ovis/core';
import type { StepBytes } from './benchmark-types.ts';

/**
 * What one step reads of the weights and of every position, from the sizes of files and states. A graph for single
 * steps reads its own files; of those it shares with the graph for prompts it takes norms and some rows of the head,
 * which are left out.
 */
export function stepBytes({ graphs, files }: BundleManifest): StepBytes {
  const step = graphs.decoderStep ?? graphs.decoder;
  const { signature } = step;
  // Of the files that the form for WebAssembly does without, a step takes a row.
  const { externalData } = graphFor(step, 'wasm');
  const shared = graphs.decoderStep ? graphs.decoder.externalData : [];
  const weights = files
    .filter(({ path }) => externalData.includes(path) && !shared.includes(path))
    .reduce((sum, { bytes }) => sum + bytes, 0);
  const perPosition = signature.state
    .filter(({ growingAxis }) => growingAxis !== null)
    .reduce((sum, { dtype, shape, growingAxis }) => {
      const others = shape.filter((_, axis) => axis !== growingAxis);
      const numbers = others.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1);
      return sum + numbers * bytesPerElement[dtype];
    }, 0);
  return { weights, perPosition };
}
