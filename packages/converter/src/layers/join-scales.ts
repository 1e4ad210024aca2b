import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';

/** Views of a picture at two scales: the whole and its quarters. */
const VIEWS_OF_TWO_SCALES = 5;

/**
 * Joins the features of a picture with those of its quarters (`hd_booster` of Ovis 1.5). The quarters, laid out as they
 * lie on the picture, are a map of twice the side; each of its 2 x 2 cells is averaged, also where a cell of an odd
 * side reaches over two quarters.
 *
 * @param features - `[B, P, d]`, per picture the whole, then top left, top right, bottom left, bottom right.
 * @param factor - What the second scale counts, `[I]`.
 * @returns `[I, P, 2d]`: the whole's channels first.
 */
export function joinScales(g: GraphBuilder, features: Value, factor: Value, scope: Scope, side: number): Value {
  const path = scope.path('joinScales');
  const [patches, d] = [sizeAt(path, features, 1), sizeAt(path, features, 2)];
  const one = patches * d;
  const views = g.reshape(features, ['I', VIEWS_OF_TWO_SCALES * one], scope);
  const [whole = views, quarters = views] = g.split(views, [one, 4 * one], scope);
  const apart = g.reshape(quarters, ['I', 2, 2, side, side, d], scope); // [I, quarter row, column, row, column, d]
  const map = g.transpose(apart, [0, 1, 3, 2, 4, 5], scope); // [I, 2, side, 2, side, d]: rows and columns of one map
  const cells = g.reshape(map, ['I', side, 2, side, 2, d], scope);
  const pooled = g.reshape(g.mean(cells, [2, 4], scope), ['I', patches, d], scope);
  const counted = g.mul(pooled, g.reshape(factor, ['I', 1, 1], scope), scope);
  return g.concat([g.reshape(whole, ['I', patches, d], scope), counted], scope); // [I, P, 2d]
}
