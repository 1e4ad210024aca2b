import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { requireDtype, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { quantisedRows } from './quantised-rows.ts';

/** The unsigned byte that means 0. */
const ZERO = 128;

/** A matrix of signed bytes `[in, out]` around 0, with a float32 scale `[out]` for every output. */
export type IntegerMatrix = {
  readonly codes: Value;
  readonly scales: Value;
  /** `[out]`, added to every row of the result. */
  readonly bias: Value | null;
};

/**
 * `x [..., in]` times a matrix of whole numbers: `[..., out]`. Each row of `x` is rounded to whole numbers for it, so the
 * product itself is one of bytes and exact; then both scales are applied. Where products of unsigned by signed bytes
 * saturate, the narrow form of the graph makes the matrix unsigned when it is loaded: slower, and exact everywhere.
 */
export function integerProduct(g: GraphBuilder, x: Value, { codes, scales, bias }: IntegerMatrix, scope: Scope): Value {
  const path = scope.path('MatMulIntegerToFloat');
  requireDtype(path, codes, 'int8');
  const outputs = sizeAt(path, codes, 1);
  const rows = quantisedRows(g, x, scope);
  const shape = [...rows.codes.shape.slice(0, -1), outputs];
  const activations = [rows.codes, g.floats([1]), rows.zeroPoint] as const;
  const multiplied = g.single(
    {
      operator: 'MatMulIntegerToFloat',
      domain: CONTRIB,
      inputs: factors(activations, codes, scales, null),
      narrowInputs: factors(activations, unsigned(g, codes, scope), scales, g.bytes([ZERO])),
      outputs: [{ dtype: 'float32', shape }],
    },
    scope,
  );
  const result = g.mul(multiplied, rows.scales, scope);
  return bias ? g.add(result, bias, scope) : result;
}

/** Inputs of `MatMulIntegerToFloat`. */
function factors(
  [rows, rowScale, rowZero]: readonly [Value, Value, Value],
  matrix: Value,
  scales: Value,
  zero: Value | null,
): readonly (Value | null)[] {
  return [rows, matrix, rowScale, scales, rowZero, zero];
}

/** Signed bytes as unsigned ones around 128: the highest bit turned. Done once, when the graph is loaded. */
function unsigned(g: GraphBuilder, codes: Value, scope: Scope): Value {
  const outputs = [{ dtype: 'uint8', shape: codes.shape }] as const;
  return g.single({ operator: 'BitwiseXor', form: 'narrow', inputs: [codes, g.bytes([ZERO])], outputs }, scope);
}
