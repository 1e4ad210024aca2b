import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { dimAt, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';

/**
 * Joins each block of `m * m` neighbouring patches into one visual token, for square views in row-major
 * order. A side that `m` does not divide is padded with zeros at the bottom and on the right.
 *
 * @param features - `[B, side * side, d]`.
 * @returns `[V, m*m*d]`: inside a token row by row, channels last.
 */
export function mergeSquare(g: GraphBuilder, features: Value, scope: Scope, side: number, stride: number): Value {
  const path = scope.path('merge');
  const [batch, d] = [dimAt(path, features, 0), sizeAt(path, features, -1)];
  if (stride === 1) return mergeBlocks(g, features, scope, 1);
  const missing = (stride - (side % stride)) % stride;
  const map = g.reshape(features, [batch, side, side, d], scope);
  const padded = missing === 0 ? map : g.padEnd(map, [0, missing, missing, 0], scope);
  const cells = (side + missing) / stride;
  const blocks = g.reshape(padded, [batch, cells, stride, cells, stride, d], scope);
  const ordered = g.transpose(blocks, [0, 1, 3, 2, 4, 5], scope); // [B, cells, cells, m, m, d]
  return g.reshape(ordered, ['V', stride * stride * d], scope);
}

/** The same where patches already come block by block: `[B, P, d]` to `[V, m*m*d]`. */
export function mergeBlocks(g: GraphBuilder, features: Value, scope: Scope, stride: number): Value {
  const d = sizeAt(scope.path('merge'), features, -1);
  return g.reshape(features, ['V', stride * stride * d], scope);
}
