import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { interleavedRows } from '../layers/interleaved-rows.ts';
import { linear } from '../layers/linear.ts';
import { product } from '../layers/product.ts';
import { namedProjections, queryKeyValue } from '../layers/query-key-value.ts';
import type { LayerContext } from './decoder-layer.ts';
import { attendToPast } from './softmax-attention.ts';

/**
 * Attention of Qwen3-Next: each value that was attended to is multiplied with the sigmoid of a gate. The
 * checkpoint's `q_proj` holds, head by head, the rows of the query and then those of the gate.
 */
export function gatedAttention(g: GraphBuilder, x: Value, scope: Scope, context: LayerContext): Value {
  const { hiddenSize, heads, keyValueHeads, headSize } = context.config;
  const rows = scope.child('q_proj').tensor('weight', [2 * heads * headSize, hiddenSize]);
  const [query = rows, gate = rows] = interleavedRows(rows, heads, [headSize, headSize]);
  const sizes = { query: heads * headSize, keyValue: keyValueHeads * headSize };
  const projections = namedProjections(scope, hiddenSize, sizes, false);
  const projected = queryKeyValue(g, x, scope, {
    ...projections,
    query: { ...projections.query, weight: query },
  });
  const gates = product(g, x, { weight: gate, axes: 'out-in', bias: null }, scope.child('gate_proj'));
  const attended = attendToPast(g, projected, scope, context);
  const gated = g.mul(attended, g.sigmoid(gates, scope), scope);
  return linear(g, gated, scope.child('o_proj'), { outputs: hiddenSize, bias: false });
}
