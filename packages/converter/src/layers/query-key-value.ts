import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { mismatch, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { expressionShape, type WeightExpression } from '../weights/weight-expression.ts';
import { product } from './product.ts';

/** One projection of an attention layer: `weight [out, in]` and `bias [out]`. */
export type Projection = {
  readonly name: string;
  readonly weight: WeightExpression;
  readonly bias: WeightExpression | null;
};

/** The projections of an attention layer. */
export type Projections = { readonly query: Projection; readonly key: Projection; readonly value: Projection };

/** Query, key and value: side by side in one tensor, or each its own. */
export type QueryKeyValue =
  | { readonly kind: 'packed'; readonly packed: Value; readonly sizes: readonly [number, number, number] }
  | ({ readonly kind: 'separate' } & Heads);

/** Query, key and value of all heads. */
export type Heads = { readonly query: Value; readonly key: Value; readonly value: Value };

/**
 * Projects `x [B, S, D]` to queries, keys and values. Where the target likes it and they are stored in one way, as one
 * product with the three matrices on top of each other.
 */
export function queryKeyValue(g: GraphBuilder, x: Value, scope: Scope, projections: Projections): QueryKeyValue {
  const { query, key, value } = projections;
  const all = [query, key, value];
  const biases = all.flatMap(({ bias }) => bias ?? []);
  if (biases.length !== 0 && biases.length !== 3)
    mismatch(scope.path('qkv'), 'three biases or none', `${biases.length}`);
  const { packedProjections } = g.lowering.capabilities;
  const weights = all.map(({ weight }) => weight);
  const together = g.lowering.fitTogether(scope.child('qkv_proj'), sizeAt(scope.path('qkv'), x, -1), weights);
  if (together && (packedProjections === 'always' || biases.length === 3)) {
    const weight = { op: 'concat', parts: weights } as const;
    const bias = biases.length === 3 ? ({ op: 'concat', parts: biases } as const) : null;
    const packed = product(g, x, { weight, axes: 'out-in', bias }, scope.child('qkv_proj'));
    return { kind: 'packed', packed, sizes: [outputs(query), outputs(key), outputs(value)] };
  }
  const project = ({ name, weight, bias }: Projection) =>
    product(g, x, { weight, axes: 'out-in', bias }, scope.child(name));
  return { kind: 'separate', query: project(query), key: project(key), value: project(value) };
}

/** Query, key and value, each as a tensor of its own. */
export function separated(g: GraphBuilder, projected: QueryKeyValue, scope: Scope): Heads {
  if (projected.kind === 'separate') return projected;
  const { packed, sizes } = projected;
  const [query = packed, key = packed, value = packed] = g.split(packed, sizes, scope);
  return { query, key, value };
}

/** The usual layout: three matrices with names of their own below `scope`. */
export function namedProjections(
  scope: Scope,
  inputs: number,
  outputSizes: { readonly query: number; readonly keyValue: number },
  bias: boolean,
): Projections {
  const projection = (name: string, size: number): Projection => ({
    name,
    weight: scope.child(name).tensor('weight', [size, inputs]),
    bias: bias ? scope.child(name).tensor('bias', [size]) : null,
  });
  return {
    query: projection('q_proj', outputSizes.query),
    key: projection('k_proj', outputSizes.keyValue),
    value: projection('v_proj', outputSizes.keyValue),
  };
}

function outputs({ weight }: Projection): number {
  return expressionShape(weight)[0] ?? 0;
}
