import type { DataType, Dim } from '@ovis/core';
import type { Lowering } from '../lowering/lowering.ts';
import type { Attribute } from './onnx-model.ts';
import { CONTRIB, GraphRecorder } from './graph-recorder.ts';
import type { Scope } from './scope.ts';
import { broadcast, dimAt, matrixProduct, mismatch, requireDtype, requireRank, reshapeTarget } from './shape-rules.ts';
import { describe, type Value } from './value.ts';

/** Shorthand for an attribute that is a whole number. */
export function integer(value: number): Attribute {
  return { kind: 'integer', value };
}

/** Shorthand for an attribute that is a float. */
export function float(value: number): Attribute {
  return { kind: 'float', value };
}

/**
 * Builds one graph, operator by operator. Every method checks element types and shapes when it is called
 * and throws ShapeMismatchError with the path of the node. Operators with many forms (attention, block
 * matrices) are recorded by their layer through {@link GraphRecorder.node}.
 */
export class GraphBuilder extends GraphRecorder {
  /** How layers are written down for the target. */
  readonly lowering: Lowering;

  constructor(name: string, lowering: Lowering) {
    super(name);
    this.lowering = lowering;
  }

  /** `a + b`, broadcast. */
  add(a: Value, b: Value, scope: Scope): Value {
    return this.#elementwise('Add', a, b, scope);
  }

  /** `a - b`, broadcast. */
  sub(a: Value, b: Value, scope: Scope): Value {
    return this.#elementwise('Sub', a, b, scope);
  }

  /** `a * b`, broadcast. */
  mul(a: Value, b: Value, scope: Scope): Value {
    return this.#elementwise('Mul', a, b, scope);
  }

  /** Natural logarithm. */
  log(x: Value, scope: Scope): Value {
    return this.#unary('Log', x, scope);
  }

  /** Hyperbolic tangent. */
  tanh(x: Value, scope: Scope): Value {
    return this.#unary('Tanh', x, scope);
  }

  /** `x * sigmoid(alpha * x)`: SiLU with alpha 1, CLIP's quick GELU with 1.702. */
  quickGelu(x: Value, alpha: number, scope: Scope): Value {
    return this.#unary('QuickGelu', x, scope, { alpha: float(alpha) }, CONTRIB);
  }

  /** `x * sigmoid(x)`. One node, which ONNX Runtime would fuse Sigmoid and Mul into anyway. */
  silu(x: Value, scope: Scope): Value {
    return this.quickGelu(x, 1, scope);
  }

  /** GELU, exact or by tanh (PyTorch's `gelu_pytorch_tanh`). */
  gelu(x: Value, approximate: 'none' | 'tanh', scope: Scope): Value {
    return this.#unary('Gelu', x, scope, { approximate: { kind: 'text', value: approximate } });
  }

  /** Softmax over the last axis. */
  softmax(x: Value, scope: Scope): Value {
    return this.#unary('Softmax', x, scope, { axis: integer(-1) });
  }

  /** Another element type. */
  cast(x: Value, dtype: 'float32' | 'int64', scope: Scope): Value {
    const to = integer(dtype === 'float32' ? 1 : 7);
    return this.#one('Cast', [x], dtype, x.shape, scope, { to });
  }

  /** Matrix product over the last two axes. */
  matMul(a: Value, b: Value, scope: Scope): Value {
    const path = scope.path('MatMul');
    requireDtype(path, a, 'float32');
    requireDtype(path, b, 'float32');
    return this.#one('MatMul', [a, b], 'float32', matrixProduct(path, a, b), scope);
  }

  /** `a [M, K]` times the transpose of `b [N, K]`: `[M, N]`. */
  matMulTransposed(a: Value, b: Value, scope: Scope): Value {
    const path = scope.path('Gemm');
    requireRank(path, a, 2);
    requireRank(path, b, 2);
    if (dimAt(path, a, 1) !== dimAt(path, b, 1)) {
      mismatch(path, 'equal last axes', `${describe(a)} and ${describe(b)}`);
    }
    const shape = [dimAt(path, a, 0), dimAt(path, b, 0)];
    return this.#one('Gemm', [a, b], 'float32', shape, scope, { transB: integer(1) });
  }

  /** The same elements with other dimensions; at most one letter may be new. */
  reshape(x: Value, shape: readonly Dim[], scope: Scope): Value {
    const target = this.integers(reshapeTarget(scope.path('Reshape'), x, shape));
    return this.#one('Reshape', [x, target], x.dtype, shape, scope);
  }

  /** Axis `i` of the result is axis `order[i]` of `x`. */
  transpose(x: Value, order: readonly number[], scope: Scope): Value {
    const path = scope.path('Transpose');
    requireRank(path, x, order.length);
    const shape = order.map((axis) => dimAt(path, x, axis));
    return this.#one('Transpose', [x], x.dtype, shape, scope, { perm: { kind: 'integers', value: order } });
  }

  /** Adds `after[i]` zeros at the end of axis `i`. */
  padEnd(x: Value, after: readonly number[], scope: Scope): Value {
    const path = scope.path('Pad');
    requireRank(path, x, after.length);
    const shape = x.shape.map((dim, axis) => {
      const extra = after[axis] ?? 0;
      if (extra === 0) return dim;
      return typeof dim === 'number' ? dim + extra : mismatch(path, 'a fixed size where zeros are added', describe(x));
    });
    return this.#one('Pad', [x, this.integers([...after.map(() => 0), ...after])], x.dtype, shape, scope);
  }

  /** Picks along `axis`; the axis is replaced by the axes of `indices` (int64). */
  gather(x: Value, indices: Value, axis: number, scope: Scope): Value {
    const path = scope.path('Gather');
    requireDtype(path, indices, 'int64');
    dimAt(path, x, axis);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return this.#one('Gather', [x, indices], x.dtype, shape, scope, { axis: integer(axis) });
  }

  /** The largest value of each row; the last axis goes away. */
  max(x: Value, scope: Scope): Value {
    const shape = x.shape.slice(0, -1);
    return this.#one('ReduceMax', [x, this.integers([-1])], x.dtype, shape, scope, { keepdims: integer(0) });
  }

  /** Index of the largest value of each row, int64; the last axis goes away. */
  argMax(x: Value, scope: Scope): Value {
    return this.#one('ArgMax', [x], 'int64', x.shape.slice(0, -1), scope, { axis: integer(-1), keepdims: integer(0) });
  }

  /** The `k` largest of each row, largest first, and their indices (int64). */
  topK(x: Value, k: number, scope: Scope): { readonly values: Value; readonly indices: Value } {
    const shape = [...x.shape.slice(0, -1), k];
    const spec = {
      operator: 'TopK',
      inputs: [x, this.integers([k])],
      outputs: [
        { dtype: x.dtype, shape },
        { dtype: 'int64', shape },
      ],
      attributes: { axis: integer(-1), largest: integer(1), sorted: integer(1) },
    } as const;
    const [values = x, indices = x] = this.node(spec, scope);
    return { values, indices };
  }

  #elementwise(operator: string, a: Value, b: Value, scope: Scope): Value {
    const path = scope.path(operator);
    requireDtype(path, b, a.dtype);
    return this.#one(operator, [a, b], a.dtype, broadcast(path, a, b), scope);
  }

  #unary(operator: string, x: Value, scope: Scope, attributes = {}, domain = ''): Value {
    requireDtype(scope.path(operator), x, 'float32');
    return this.#one(operator, [x], x.dtype, x.shape, scope, attributes, domain);
  }

  #one(
    operator: string,
    inputs: readonly Value[],
    dtype: DataType,
    shape: readonly Dim[],
    scope: Scope,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value {
    return this.single({ operator, domain, inputs, outputs: [{ dtype, shape }], attributes }, scope);
  }
}
