import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { product } from './product.ts';

/** Sizes of a patch and of its embedding. */
export type PatchEmbeddingOptions = {
  /** `d`. */
  readonly hiddenSize: number;
  /** `p`, pixels. */
  readonly patchSize: number;
  /** Frames per patch. */
  readonly temporalPatchSize: number;
  /** Whether the convolution has a bias. Default: true; CLIP's has none. */
  readonly bias?: boolean;
};

/** Channels of a frame: red, green, blue. */
const CHANNELS = 3;

/** Values of one patch, `C*p*p` (times its frames). */
export function patchLength({
  patchSize,
  temporalPatchSize,
}: Pick<PatchEmbeddingOptions, 'patchSize' | 'temporalPatchSize'>): number {
  return CHANNELS * temporalPatchSize * patchSize ** 2;
}

/**
 * The checkpoint's convolution whose stride is its kernel, as the matrix product it amounts to. Patches
 * `[B, P, C*p*p]` hold channel, row, column in the kernel's order. The result is `[B, P, d]`.
 */
export function patchEmbedding(g: GraphBuilder, patches: Value, scope: Scope, options: PatchEmbeddingOptions): Value {
  const { hiddenSize, patchSize, temporalPatchSize, bias: hasBias = true } = options;
  const kernel = scope.tensor('weight', [hiddenSize, CHANNELS * temporalPatchSize, patchSize, patchSize]);
  const weight = { op: 'reshape', of: kernel, shape: [hiddenSize, patchLength(options)] } as const;
  const bias = hasBias ? scope.tensor('bias', [hiddenSize]) : null;
  return product(g, patches, { weight, axes: 'out-in', bias }, scope);
}
