import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { dimAt, mismatch } from '../graph/shape-rules.ts';
import { describe, describeShape, type Value } from '../graph/value.ts';
import { expressionShape, type WeightExpression } from '../weights/weight-expression.ts';
import { blockProduct } from './block-product.ts';
import { integerProduct } from './integer-product.ts';
import { vector } from './vector.ts';

/** A matrix that activations are multiplied with. */
export type Matrix = {
  readonly weight: WeightExpression;
  /** Axes of `weight`: `out-in` as linear layers store it, `in-out` as a table of rows does. */
  readonly axes: 'out-in' | 'in-out';
  /** `[out]`, added to every row of the result. */
  readonly bias: WeightExpression | null;
};

/**
 * `x [..., in]` times a matrix, plus its bias: `[..., out]`. The lowering decides how the matrix is stored,
 * and with that which operator multiplies. A linear layer of `[rows, in]` (the heads) leaves floats as the
 * checkpoint has them, so that a tied head and the text table are the same bytes.
 */
export function product(g: GraphBuilder, x: Value, matrix: Matrix, scope: Scope): Value {
  const { weight, axes } = matrix;
  const shape = expressionShape(weight);
  const [inputs = 0, outputs = 0] = axes === 'in-out' ? shape : shape.toReversed();
  const path = scope.path('product');
  if (shape.length !== 2 || dimAt(path, x, -1) !== inputs) {
    mismatch(path, `a matrix for ${describe(x)}`, `${describeShape(shape)} (${axes})`);
  }
  const storage = g.lowering.storageOf(scope, inputs, axes === 'out-in' ? weight : undefined);
  const bias = matrix.bias && vector(g, matrix.bias, scope, 'bias');
  const named = { name: scope.name('weight'), part: scope.part, expression: weight };
  if (storage.kind === 'blocks') {
    const parts = g.weight({ ...named, storage: { ...storage, transposed: axes === 'in-out' } });
    const taken = inOrder(g, x, storage.imported?.order ?? null, scope);
    return blockProduct(g, taken, parts, bias, scope, { ...storage, inputs, outputs });
  }
  if (storage.kind === 'columns') {
    const [codes = x, scales = x] = g.weight({ ...named, storage: { kind: 'columns', transposed: axes === 'in-out' } });
    return integerProduct(g, x, { codes, scales, bias }, scope);
  }
  const asStored = axes === 'in-out' || x.shape.length === 2;
  const [stored = x] = g.weight({ ...named, storage: { kind: storage.kind, transposed: !asStored } });
  const factor = storage.kind === 'f16' ? g.toFloat32(stored, scope) : stored; // folded when the graph is loaded
  const result = axes === 'out-in' && asStored ? g.matMulTransposed(x, factor, scope) : g.matMul(x, factor, scope);
  return bias ? g.add(result, bias, scope) : result;
}

/** Inputs in the order in which the blocks take them. */
function inOrder(g: GraphBuilder, x: Value, order: Int32Array | null, scope: Scope): Value {
  return order === null ? x : g.gather(x, g.integers([...order]), x.shape.length - 1, scope);
}
