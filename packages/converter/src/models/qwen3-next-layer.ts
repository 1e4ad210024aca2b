import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { rmsNorm } from '../layers/norms.ts';
import type { LayerContext } from './decoder-layer.ts';
import { feedForward } from './feed-forward.ts';
import { gatedAttention } from './gated-attention.ts';
import { gatedDeltaNet } from './gated-delta-net.ts';

/** A decoder layer of Qwen3-Next: pre-norm, with a gated delta net or gated attention, and experts. */
export function qwen3NextLayer(g: GraphBuilder, x: Value, scope: Scope, context: LayerContext): Value {
  const { normEpsilon, normOffset, layerKinds } = context.config;
  const norm = (value: Value, name: string) => rmsNorm(g, value, scope.child(name), normEpsilon, normOffset);
  const normed = norm(x, 'input_layernorm');
  const mixed =
    layerKinds[context.index] === 'linear'
      ? gatedDeltaNet(g, normed, scope.child('linear_attn'), context)
      : gatedAttention(g, normed, scope.child('self_attn'), context);
  const between = g.add(x, mixed, scope);
  const fed = feedForward(g, norm(between, 'post_attention_layernorm'), scope.child('mlp'), context);
  return g.add(between, fed, scope);
}
