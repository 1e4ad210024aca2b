import { rmsNorm } from '../layers/norms.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import type { LayerContext } from './decoder-layer.ts';
import { feedForward } from './feed-forward.ts';
import { softmaxAttention } from './softmax-attention.ts';

/**
 * A decoder layer as Llama, Qwen2 and Qwen3 have it: `x += attention(norm(x))`, `x += feedForward(norm(x))`.
 * Biases on query, key and value (Qwen2), norms per head (Qwen3) and experts are the config's to tell.
 */
export function preNormLayer(g: GraphBuilder, x: Value, scope: Scope, context: LayerContext): Value {
  const { normEpsilon, normOffset } = context.config;
  const norm = (value: Value, name: string) => rmsNorm(g, value, scope.child(name), normEpsilon, normOffset);
  const mixed = softmaxAttention(g, norm(x, 'input_layernorm'), scope.child('self_attn'), context);
  const between = g.add(x, mixed, scope);
  const fed = feedForward(g, norm(between, 'post_attention_layernorm'), scope.child('mlp'), context);
  return g.add(between, fed, scope);
}
