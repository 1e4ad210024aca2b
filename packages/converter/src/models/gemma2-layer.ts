import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { rmsNorm } from '../layers/norms.ts';
import type { LayerContext } from './decoder-layer.ts';
import { feedForward } from './feed-forward.ts';
import { softmaxAttention } from './softmax-attention.ts';

/** A decoder layer of Gemma2: norms before and after both halves, `x += norm(attention(norm(x)))`. */
export function gemma2Layer(g: GraphBuilder, x: Value, scope: Scope, context: LayerContext): Value {
  const { normEpsilon, normOffset } = context.config;
  const norm = (value: Value, name: string) => rmsNorm(g, value, scope.child(name), normEpsilon, normOffset);
  const mixed = softmaxAttention(g, norm(x, 'input_layernorm'), scope.child('self_attn'), context);
  const between = g.add(x, norm(mixed, 'post_attention_layernorm'), scope);
  const fed = feedForward(g, norm(between, 'pre_feedforward_layernorm'), scope.child('mlp'), context);
  return g.add(between, norm(fed, 'post_feedforward_layernorm'), scope);
}
