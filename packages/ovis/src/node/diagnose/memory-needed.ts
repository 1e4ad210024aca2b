import type { BundleManifest } from '@ovis/core';
import { stepBytes } from '../../benchmark/step-bytes.ts';

/** Positions of a long question with pictures, and its answer. */
const CONTEXT = 4096;
/** The runtime itself and what a run works with. */
const BESIDES = 150e6;

/** Bytes a model takes at most for a context of 4096 positions (or all it holds): weights, keys and values, work space. */
export function memoryNeeded(manifest: BundleManifest): { readonly bytes: number; readonly context: number } {
  const { contextLength } = manifest.model.language;
  const context = Math.min(CONTEXT, contextLength);
  const weights = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { bytes: Math.round(1.25 * (weights + context * stepBytes(manifest).perPosition + BESIDES)), context };
}
