import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { linear } from './linear.ts';

/** What the three matrices of a gated feed-forward are called, and how large it is inside. */
export type GatedMlpOptions = {
  readonly gate: string;
  readonly up: string;
  readonly down: string;
  /** `F`. */
  readonly feedForwardSize: number;
  readonly bias: boolean;
  /** Default: `silu`. */
  readonly activation?: 'silu' | 'gelu-tanh';
};

/** Gated feed-forward (SwiGLU, GeGLU): `down(activation(gate(x)) * up(x))`. `x` and the result are `[B, S, D]`. */
export function gatedMlp(g: GraphBuilder, x: Value, scope: Scope, options: GatedMlpOptions): Value {
  const inner = { outputs: options.feedForwardSize, bias: options.bias };
  const outer = { outputs: sizeAt(scope.path('gatedMlp'), x, -1), bias: options.bias };
  const projected = linear(g, x, scope.child(options.gate), inner);
  const gate = options.activation === 'gelu-tanh' ? g.gelu(projected, scope) : g.silu(projected, scope); // [B, S, F]
  const up = linear(g, x, scope.child(options.up), inner); // [B, S, F]
  return linear(g, g.mul(gate, up, scope), scope.child(options.down), outer); // [B, S, D]
}
