import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import type { LinearAttentionConfig } from '../checkpoint/language-model-config.ts';
import { interleavedRows } from '../layers/interleaved-rows.ts';
import { linear } from '../layers/linear.ts';
import { headNorm, headUnitNorm } from '../layers/norms.ts';
import { product } from '../layers/product.ts';
import { vector } from '../layers/vector.ts';
import { causalConvolution } from '../layers/causal-convolution.ts';
import type { LayerContext } from './decoder-layer.ts';

/** Epsilon of the unit norm of queries and keys. */
const UNIT_EPSILON = 1e-6;

/**
 * Gated delta net of Qwen3-Next (arXiv 2412.06464): a memory `[Hv, dk, dv]` of fixed size that decays, and into
 * which each position writes the difference between its value and what its key recalls. `x` is the normalised
 * input `[1, S, D]`, as is the result.
 */
export function gatedDeltaNet(g: GraphBuilder, x: Value, scope: Scope, context: LayerContext): Value {
  const { config } = context;
  const sizes = config.linearAttention;
  if (sizes === null) throw new Error('A linear layer without sizes.'); // the config parser gives both
  const { valueHeads, valueHeadSize } = sizes;
  const { mixed, gate } = projections(g, x, scope, config.hiddenSize, sizes);
  const convolved = causalConvolution(g, mixed, scope.child('conv1d'), {
    kernelSize: sizes.kernelSize,
    state: (spec) => context.state('convolution', { ...spec, growingAxis: null }),
  }); // [1, S, C]
  const keyWidth = sizes.keyHeads * sizes.keyHeadSize;
  const [query = x, key = x, value = x] = g.split(convolved, [keyWidth, keyWidth, valueHeads * valueHeadSize], scope);
  const unit = (heads: Value, name: string) =>
    headUnitNorm(g, heads, scope.child(name), { heads: sizes.keyHeads, epsilon: UNIT_EPSILON });
  const recalled = recurrence(g, scope, context, sizes, {
    query: unit(query, 'query_unit_norm'),
    key: unit(key, 'key_unit_norm'),
    value,
    ...rates(g, x, scope, config.hiddenSize, sizes),
  }); // [1, S, Hv*dv]
  const normed = headNorm(g, recalled, scope.child('norm'), { heads: valueHeads, epsilon: config.normEpsilon });
  const gated = g.mul(normed, g.silu(gate, scope), scope);
  return linear(g, gated, scope.child('out_proj'), { outputs: config.hiddenSize, bias: false });
}

/** Queries, keys and values side by side, and the gate of the result. The checkpoint groups all four by key head. */
function projections(g: GraphBuilder, x: Value, scope: Scope, hiddenSize: number, sizes: LinearAttentionConfig) {
  const { keyHeads, valueHeads, keyHeadSize, valueHeadSize } = sizes;
  const [keyWidth, valueWidth] = [keyHeads * keyHeadSize, valueHeads * valueHeadSize];
  const place = scope.child('in_proj_qkvz');
  const stored = place.tensor('weight', [2 * keyWidth + 2 * valueWidth, hiddenSize]);
  const perKeyHead = valueWidth / keyHeads;
  const parts = interleavedRows(stored, keyHeads, [keyHeadSize, keyHeadSize, perKeyHead, perKeyHead]);
  const weight = { op: 'concat', parts } as const;
  const projected = product(g, x, { weight, axes: 'out-in', bias: null }, place);
  const [mixed = x, gate = x] = g.split(projected, [2 * keyWidth + valueWidth, valueWidth], scope);
  return { mixed, gate };
}

/**
 * How strongly each position writes, `beta = sigmoid(b)`, and how the memory decays before it,
 * `decay = -exp(A_log) * softplus(a + dt_bias)`; one number per value head, `[1, S, Hv]`.
 */
function rates(g: GraphBuilder, x: Value, scope: Scope, hiddenSize: number, sizes: LinearAttentionConfig) {
  const { keyHeads, valueHeads } = sizes;
  const place = scope.child('in_proj_ba');
  const perKeyHead = valueHeads / keyHeads;
  const stored = place.tensor('weight', [2 * valueHeads, hiddenSize]);
  const parts = interleavedRows(stored, keyHeads, [perKeyHead, perKeyHead]);
  const weight = { op: 'concat', parts } as const;
  const projected = product(g, x, { weight, axes: 'out-in', bias: null }, place);
  const [b = x, a = x] = g.split(projected, [valueHeads, valueHeads], scope);
  const speed = g.negated(g.exp(vector(g, scope.tensor('A_log', [valueHeads]), scope, 'A_log'), scope), scope);
  const step = g.softplus(g.add(a, vector(g, scope.tensor('dt_bias', [valueHeads]), scope, 'dt_bias'), scope), scope);
  return { beta: g.sigmoid(b, scope), decay: g.mul(step, speed, scope) };
}

/** `S = exp(decay) S`, `S += key (beta (value - S^T key))^T`, `S^T query dk^-0.5`, position by position. */
function recurrence(
  g: GraphBuilder,
  scope: Scope,
  { state }: LayerContext,
  { keyHeads, valueHeads, keyHeadSize, valueHeadSize }: LinearAttentionConfig,
  { query, key, value, decay, beta }: Readonly<Record<'query' | 'key' | 'value' | 'decay' | 'beta', Value>>,
): Value {
  const memory = { dtype: 'float32', shape: [1, valueHeads, keyHeadSize, valueHeadSize] } as const;
  const { past, keep } = state('memory', { ...memory, growingAxis: null });
  const [recalled = value, present = past] = g.node(
    {
      operator: 'LinearAttention',
      domain: CONTRIB,
      inputs: [query, key, value, past, decay, beta],
      outputs: [{ dtype: 'float32', shape: value.shape }, memory],
      attributes: {
        update_rule: { kind: 'text', value: 'gated_delta' },
        q_num_heads: integer(keyHeads),
        kv_num_heads: integer(valueHeads),
      },
    },
    scope,
  );
  keep(present);
  return recalled;
}
