import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { expressionShape, type GraphWeight } from '../weights/weight-expression.ts';

/** What a symmetric code of 8 bits means 0 by. */
const ZERO = 128;

/**
 * Rows of a table `[N, D]` by their numbers (int64, any shape), as float32 `[...ids, D]`: what the host reads of it. Null
 * where it is stored in a way that graphs do not read by rows.
 */
export function tableRows(g: GraphBuilder, table: GraphWeight, ids: Value, scope: Scope): Value | null {
  const { storage } = table;
  const [, width = 0] = expressionShape(table.expression);
  if (storage.kind === 'blocks') {
    if (storage.bits !== 8 || !storage.symmetric) return null;
    const [codes = ids, scales = ids] = g.weight(table);
    const rows = blockRows(g, { codes, scales }, ids, scope);
    const padding = Number(rows.shape.at(-1)) - width;
    return padding === 0 ? rows : (g.split(rows, [width, padding], scope)[0] ?? null);
  }
  if (storage.kind === 'columns') return null;
  const [numbers = ids] = g.weight(table);
  const rows = g.gather(numbers, ids, 0, scope);
  return storage.kind === 'f16' ? g.toFloat32(rows, scope) : rows;
}

/** Rows of a matrix in symmetric blocks of 8 bits, with the padding of their last block. */
export function blockRows(
  g: GraphBuilder,
  { codes, scales }: Readonly<Record<'codes' | 'scales', Value>>,
  ids: Value,
  scope: Scope,
): Value {
  const [, blocks = 1, blockSize = 1] = codes.shape;
  const numbers = g.codesToFloat32(g.gather(codes, ids, 0, scope), scope); // [...ids, blocks, block]
  const factors = g.reshape(g.gather(scales, ids, 0, scope), [...ids.shape, blocks, 1], scope);
  const values = g.mul(g.sub(numbers, g.floats([ZERO]), scope), factors, scope);
  return g.reshape(values, [...ids.shape, Number(blocks) * Number(blockSize)], scope);
}
