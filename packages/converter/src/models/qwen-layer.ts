import type { LanguageModelConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { gatedMlp } from '../layers/gated-mlp.ts';
import {
  groupedQueryAttention,
  type GroupedQueryAttentionOptions,
  type KeyValue,
} from '../layers/grouped-query-attention.ts';
import { linear } from '../layers/linear.ts';
import { rmsNorm } from '../layers/norms.ts';
import { namedProjections, queryKeyValue } from '../layers/query-key-value.ts';

/** What a decoder layer gets besides its input: where its positions are, and what came before them. */
export type Sequence = Pick<GroupedQueryAttentionOptions, 'rotary' | 'lastPosition' | 'totalLength' | 'past'>;

/** Output of a decoder layer: `[1, S, D]`, and the keys and values to go on from. */
export type LayerResult = { readonly hidden: Value; readonly present: KeyValue };

/**
 * A pre-norm decoder layer as Qwen2 and Qwen3 have it: `x += attention(norm(x))`, `x += mlp(norm(x))`. Biases
 * on query, key and value (Qwen2) and their norms per head (Qwen3) are the config's to tell.
 */
export function qwenLayer(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  config: LanguageModelConfig,
  sequence: Sequence,
): LayerResult {
  const { normEpsilon, feedForwardSize } = config;
  const normed = rmsNorm(g, x, scope.child('input_layernorm'), normEpsilon);
  const { hidden, present } = attention(g, normed, scope.child('self_attn'), config, sequence);
  const between = g.add(x, hidden, scope);
  const fed = gatedMlp(
    g,
    rmsNorm(g, between, scope.child('post_attention_layernorm'), normEpsilon),
    scope.child('mlp'),
    { gate: 'gate_proj', up: 'up_proj', down: 'down_proj', feedForwardSize, bias: false },
  );
  return { hidden: g.add(between, fed, scope), present };
}

function attention(
  g: GraphBuilder,
  x: Value,
  scope: Scope,
  config: LanguageModelConfig,
  sequence: Sequence,
): LayerResult {
  const { hiddenSize, heads, keyValueHeads, headSize, queryKeyValueBias, queryKeyNorm, normEpsilon } = config;
  const sizes = { query: heads * headSize, keyValue: keyValueHeads * headSize };
  const projected = queryKeyValue(g, x, scope, namedProjections(scope, hiddenSize, sizes, queryKeyValueBias));
  const { attended, present } = groupedQueryAttention(g, projected, scope, {
    ...sequence,
    heads,
    keyValueHeads,
    headSize,
    headNormEpsilon: queryKeyNorm ? normEpsilon : null,
  });
  return { hidden: linear(g, attended, scope.child('o_proj'), { outputs: hiddenSize, bias: false }), present };
}
