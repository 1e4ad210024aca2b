import type { MatrixPlace } from './matrix-place.ts';

/** What int4 stores sensitive matrices in: 8 bits, or 4 as all others. */
export type SensitiveDtype = 'int8' | 'same';

/** Values, alone or packed with queries and keys, and what leaves the feed-forward. */
const sensitiveRoles: ReadonlySet<string> = new Set(['qkv_proj', 'v_proj', 'down_proj']);

/**
 * Whether 4 bits would cost a matrix of the language model more than they save: the rule of llama.cpp's mixed formats
 * (`use_more_bits`) and of ONNX Runtime GenAI's `k_quant_mixed`. Of the values and of what leaves the feed-forward, the
 * first and last eighth of the layers and every third one between.
 */
export function isSensitive({ part, role, depth }: MatrixPlace): boolean {
  if (part !== 'decoder' || depth === null || !sensitiveRoles.has(role)) return false;
  const { layer, layers } = depth;
  return layer < layers / 8 || layer >= (7 * layers) / 8 || (layer - Math.round(layers / 8)) % 3 === 2;
}
