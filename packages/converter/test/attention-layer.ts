import type { GraphBuilder } from '../src/graph/graph-builder.ts';
import { Scope } from '../src/graph/scope.ts';
import type { Value } from '../src/graph/value.ts';
import type { GroupedQueryAttentionOptions } from '../src/layers/grouped-query-attention-options.ts';
import { namedProjections, queryKeyValue, type QueryKeyValue } from '../src/layers/query-key-value.ts';
import { rotaryTables } from '../src/layers/rotary-tables.ts';
import { noisyWeight, type LayerInput } from './run-layer.ts';

/** Place of an attention layer under test. */
export const scope = new Scope('decoder', ['attention']);

/** What all attention layers under test have in common. */
export const sizes = { width: 20, heads: 4, keyValueHeads: 2, capacity: 9, theta: 10_000 };

/** What they differ in. */
export type AttentionForm = {
  readonly headSize: number;
  readonly norm: boolean;
  readonly bias: boolean;
  /** Default: the whole head. */
  readonly rotarySize?: number;
  readonly window?: number;
  readonly softCap?: number;
};

/** Projections and norms of noise. */
export function attentionWeights({ headSize, norm, bias }: AttentionForm) {
  const { width, heads, keyValueHeads } = sizes;
  const weights = new Map<string, ReturnType<typeof noisyWeight>>();
  const counts = { q: heads, k: keyValueHeads, v: keyValueHeads };
  Object.entries(counts).forEach(([name, count], seed) => {
    weights.set(`attention.${name}_proj.weight`, noisyWeight([count * headSize, width], seed + 1));
    if (bias) weights.set(`attention.${name}_proj.bias`, noisyWeight([count * headSize], seed + 11));
    if (norm && name !== 'v') weights.set(`attention.${name}_norm.weight`, noisyWeight([headSize], seed + 21));
  });
  return weights;
}

/** Inputs besides the cache: rows `x` of new positions, `total` positions with those of the past. */
export function newPositions(x: Float32Array, total: number): Readonly<Record<'x' | 'last' | 'total', LayerInput>> {
  const { width } = sizes;
  return {
    x: { data: x, dims: [1, x.length / width, width], shape: [1, 'S', width] },
    last: { data: Int32Array.of(total - 1), dims: [1] },
    total: { data: Int32Array.of(total), dims: [1] },
  };
}

/** A cache of rows of `size` numbers. */
export function past(data: Float32Array | Int8Array, size: number): LayerInput {
  const { keyValueHeads, capacity } = sizes;
  return { data, dims: [1, keyValueHeads, capacity, size], shape: [1, keyValueHeads, 'past', size] };
}

/** The projections of input `x`. */
export function projected(g: GraphBuilder, x: Value, { headSize, bias }: AttentionForm): QueryKeyValue {
  const { width, heads, keyValueHeads } = sizes;
  const widths = { query: heads * headSize, keyValue: keyValueHeads * headSize };
  return queryKeyValue(g, x, scope, namedProjections(scope, width, widths, bias));
}

/** What the layer is told besides them and the cache. */
export function attentionOptions(
  g: GraphBuilder,
  input: (name: 'last' | 'total') => Value,
  { headSize, norm, rotarySize = headSize, window, softCap }: AttentionForm,
): Omit<GroupedQueryAttentionOptions, 'past'> {
  const { heads, keyValueHeads, theta } = sizes;
  const table = { rotarySize, positions: 16, theta, scaling: { kind: 'none' } } as const;
  return {
    heads,
    keyValueHeads,
    headSize,
    headNorm: norm ? { epsilon: 1e-6, offset: 0 } : null,
    scale: headSize ** -0.5,
    softCap: softCap ?? null,
    window: window ?? null,
    rotary: rotaryTables(g, scope.child('rotary'), table),
    lastPosition: input('last'),
    totalLength: input('total'),
  };
}
