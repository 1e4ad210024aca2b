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

  /** `max(x, 0)`. */
  relu(x: Value, scope: Scope): Value {
    return this.#unary('Relu', x, scope);
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

  /** float16 as float32. */
  toFloat32(x: Value, scope: Scope): Value {
    requireDtype(scope.path('Cast'), x, 'float16');
    return this.#one('Cast', [x], 'float32', x.shape, scope, { to: integer(1) });
  }

  /** int32 as int64. */
  toInt64(x: Value, scope: Scope): Value {
    requireDtype(scope.path('Cast'), x, 'int32');
    return this.#one('Cast', [x], 'int64', x.shape, scope, { to: integer(7) });
  }

  /** The size of an axis that only a run knows, int64 `[1]`. */
  sizeOf(x: Value, axis: number, scope: Scope): Value {
    dimAt(scope.path('Shape'), x, axis);
    return this.#one('Shape', [x], 'int64', [1], scope, { start: integer(axis), end: integer(axis + 1) });
  }

  /** `a [..., in]` times a matrix `b [in, out]`: `[..., out]`. */
  matMul(a: Value, b: Value, scope: Scope): Value {
    const path = scope.path('MatMul');
    requireDtype(path, a, 'float32');
    requireDtype(path, b, 'float32');
    return this.#one('MatMul', [a, b], 'float32', matrixProduct(path, a, b), scope);
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

  /** Cuts the last axis into pieces of these sizes. */
  split(x: Value, sizes: readonly number[], scope: Scope): readonly Value[] {
    const path = scope.path('Split');
    const whole = sizes.reduce((sum, size) => sum + size, 0);
    if (dimAt(path, x, -1) !== whole) mismatch(path, `a last axis of ${whole}`, `${x.name}: ${describe(x)}`);
    const outputs = sizes.map((size) => ({ dtype: x.dtype, shape: [...x.shape.slice(0, -1), size] }));
    const inputs = [x, this.integers(sizes)];
    return this.node({ operator: 'Split', inputs, outputs, attributes: { axis: integer(-1) } }, scope);
  }

  /** The sum of each row; the last axis goes away. */
  sum(x: Value, scope: Scope): Value {
    const shape = x.shape.slice(0, -1);
    return this.#one('ReduceSum', [x, this.integers([-1])], x.dtype, shape, scope, { keepdims: integer(0) });
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
