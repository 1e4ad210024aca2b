import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

/** `x [..., in]` times a matrix in blocks: `[..., out]`. `parts` are its codes, scales and, unless symmetric, zero points. */
export function blockProduct(
  g: GraphBuilder,
  x: Value,
  parts: readonly Value[],
  bias: Value | null,
  scope: Scope,
  { bits, blockSize, inputs, outputs }: Readonly<Record<'bits' | 'blockSize' | 'inputs' | 'outputs', number>>,
): Value {
  const [codes = null, scales = null, zeroPoints = null] = parts;
  return g.single(
    {
      operator: 'MatMulNBits',
      domain: CONTRIB,
      inputs: [x, codes, scales, zeroPoints, null, bias],
      outputs: [{ dtype: 'float32', shape: [...x.shape.slice(0, -1), outputs] }],
      attributes: {
        K: integer(inputs),
        N: integer(outputs),
        bits: integer(bits),
        block_size: integer(blockSize),
        accuracy_level: integer(g.lowering.capabilities.blockAccuracy),
      },
    },
    scope,
  );
}
