import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { requireDtype, sizeAt } from '../graph/shape-rules.ts';
import type { Value } from '../graph/value.ts';
import { rowScales } from './row-scales.ts';

/** Rows of whole numbers: `value = (code - zeroPoint) * scale`. */
export type QuantisedRows = {
  /** uint8 `[..., in]`. */
  readonly codes: Value;
  /** float32 `[..., 1]`. */
  readonly scales: Value;
  /** uint8 `[1]`. */
  readonly zeroPoint: Value;
};

/** The code that means 0. */
const ZERO_POINT = 128;

/**
 * Rounds each row of `x [..., in]` to whole numbers, with a scale of its own: a row with one huge number (as language
 * models have them) does not coarsen the others. All products that read the same `x` share the result.
 */
export function quantisedRows(g: GraphBuilder, x: Value, scope: Scope): QuantisedRows {
  requireDtype(scope.path('QuantizeLinear'), x, 'float32');
  const zero = g.bytes([ZERO_POINT]);
  const [codes = x, scales = x] = g.once(`quantised rows of ${x.name}`, () => quantise(g, x, zero, scope));
  return { codes, scales, zeroPoint: zero };
}

function quantise(g: GraphBuilder, x: Value, zero: Value, scope: Scope): readonly [codes: Value, scales: Value] {
  const width = sizeAt(scope.path('QuantizeLinear'), x, -1);
  const outer = x.shape.slice(0, -1);
  const scales = rowScales(g, x, scope);
  // QuantizeLinear wants the scales of an axis as a vector, so rows are one axis here.
  const rows = outer.join('*');
  const flat = outer.length === 1 ? x : g.reshape(x, [rows, width], scope);
  const flatScales = g.reshape(scales, [rows], scope);
  const [zeros = zero] = g.once(`zero points of ${rows} rows`, () => [repeated(g, zero, flatScales, scope)]);
  const flatCodes = g.single(
    {
      operator: 'QuantizeLinear',
      inputs: [flat, flatScales, zeros],
      outputs: [{ dtype: 'uint8', shape: [rows, width] }],
      attributes: { axis: integer(0) },
    },
    scope,
  );
  return [outer.length === 1 ? flatCodes : shapedLike(g, flatCodes, x, scope), scales];
}

/** As many zero points as there are rows. */
function repeated(g: GraphBuilder, zero: Value, rows: Value, scope: Scope): Value {
  const inputs = [zero, g.sizeOf(rows, 0, scope)];
  return g.single({ operator: 'Expand', inputs, outputs: [{ dtype: 'uint8', shape: rows.shape }] }, scope);
}

/** `[rows, in]` with the axes of `x [..., in]`. */
function shapedLike(g: GraphBuilder, flat: Value, x: Value, scope: Scope): Value {
  if (x.shape.filter((dim) => typeof dim === 'string').length <= 1) return g.reshape(flat, x.shape, scope);
  const shape = g.single(
    { operator: 'Shape', inputs: [x], outputs: [{ dtype: 'int64', shape: [x.shape.length] }] },
    scope,
  );
  const outputs = [{ dtype: flat.dtype, shape: x.shape }] as const;
  return g.single({ operator: 'Reshape', inputs: [flat, shape], outputs }, scope);
}
