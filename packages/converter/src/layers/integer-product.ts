import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { requireDtype, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { quantisedRows } from './quantised-rows.ts';

/** A matrix of signed bytes `[in, out]` around 0, with a float32 scale `[out]` for every output. */
export type IntegerMatrix = {
  readonly codes: Value;
  readonly scales: Value;
  /** `[out]`, added to every row of the result. */
  readonly bias: Value | null;
};

/**
 * `x [..., in]` times a matrix of whole numbers: `[..., out]`. Each row of `x` is rounded to whole numbers for it, so the
 * product itself is one of bytes and exact; then both scales are applied.
 */
export function integerProduct(g: GraphBuilder, x: Value, { codes, scales, bias }: IntegerMatrix, scope: Scope): Value {
  const path = scope.path('MatMulIntegerToFloat');
  requireDtype(path, codes, 'int8');
  const outputs = sizeAt(path, codes, 1);
  const rows = quantisedRows(g, x, scope);
  const inputs = [rows.codes, codes, g.floats([1]), scales, rows.zeroPoint];
  const shape = [...rows.codes.shape.slice(0, -1), outputs];
  const multiplied = g.single(
    { operator: 'MatMulIntegerToFloat', domain: CONTRIB, inputs, outputs: [{ dtype: 'float32', shape }] },
    scope,
  );
  const result = g.mul(multiplied, rows.scales, scope);
  return bias ? g.add(result, bias, scope) : result;
}
