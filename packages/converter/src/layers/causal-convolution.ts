import type { TensorSpec } from '@ovis/core';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { vector } from './vector.ts';

/** What the convolution needs besides its input and its weight. */
export type CausalConvolutionOptions = {
  /** Positions that it sees, the current one included. */
  readonly kernelSize: number;
  /** Declares the state: the inputs of the last `kernelSize - 1` positions. */
  readonly state: (spec: TensorSpec) => { readonly past: Value; readonly keep: (present: Value) => void };
};

/**
 * Convolution over positions, each channel by itself and without bias, then SiLU. `x` and the result are
 * `[1, S, C]`; the weight is `[C, 1, kernelSize]`, its last tap for the current position.
 */
export function causalConvolution(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  { kernelSize, state }: CausalConvolutionOptions,
): Value {
  const channels = sizeAt(scope.path('causalConvolution'), x, -1);
  const kernel = vector(g, scope.tensor('weight', [channels, 1, kernelSize]), scope, 'weight');
  const memory = { dtype: 'float32', shape: [1, channels, kernelSize - 1] } as const;
  const { past, keep } = state(memory);
  const turned = g.transpose(x, [0, 2, 1], scope); // [1, C, S]
  const [convolved = turned, present = past] = g.node(
    {
      operator: 'CausalConvWithState',
      domain: CONTRIB,
      inputs: [turned, kernel, null, past],
      outputs: [{ dtype: 'float32', shape: turned.shape }, memory],
      attributes: { activation: { kind: 'text', value: 'silu' } },
    },
    scope,
  );
  keep(present);
  return g.transpose(convolved, [0, 2, 1], scope); // [1, S, C]
}
