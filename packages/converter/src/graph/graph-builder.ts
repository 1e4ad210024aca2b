import type { Lowering } from '../lowering/lowering.ts';
import { float, integer } from './attributes.ts';
import { CONTRIB } from './graph-recorder.ts';
import type { Scope } from './scope.ts';
import { ShapeBuilder } from './shape-builder.ts';
import { broadcast, dimAt, matrixProduct, mismatch, requireDtype, requireRank, sizeAt } from './shape-rules.ts';
import { describe, type Value } from './value.ts';

/**
 * Builds one graph, operator by operator. Every method checks element types and shapes when it is called
 * and throws ShapeMismatchError with the path of the node. Operators with many forms (attention, block
 * matrices) are recorded by their layer through {@link GraphRecorder.node}.
 */
export class GraphBuilder extends ShapeBuilder {
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

  /** `a / b`, broadcast; whole numbers are rounded towards 0. */
  div(a: Value, b: Value, scope: Scope): Value {
    return this.#elementwise('Div', a, b, scope);
  }

  /** Whether `a` equals `b`, broadcast. */
  equal(a: Value, b: Value, scope: Scope): Value {
    const path = scope.path('Equal');
    requireDtype(path, b, a.dtype);
    return this.one('Equal', [a, b], 'bool', broadcast(path, a, b), scope);
  }

  /** Natural logarithm. */
  log(x: Value, scope: Scope): Value {
    return this.#unary('Log', x, scope);
  }

  /** `max(x, 0)`. */
  relu(x: Value, scope: Scope): Value {
    return this.#unary('Relu', x, scope);
  }

  /** `x * sigmoid(x)`. One node, which ONNX Runtime would fuse Sigmoid and Mul into anyway. */
  silu(x: Value, scope: Scope): Value {
    return this.#unary('QuickGelu', x, scope, { alpha: float(1) }, CONTRIB);
  }

  /** `x * sigmoid(1.702 x)`, the activation of CLIP. */
  quickGelu(x: Value, scope: Scope): Value {
    return this.#unary('QuickGelu', x, scope, { alpha: float(1.702) }, CONTRIB);
  }

  /** GELU by tanh, PyTorch's `gelu_pytorch_tanh`. */
  gelu(x: Value, scope: Scope): Value {
    return this.#unary('Gelu', x, scope, { approximate: { kind: 'text', value: 'tanh' } });
  }

  /** Hyperbolic tangent. */
  tanh(x: Value, scope: Scope): Value {
    return this.#unary('Tanh', x, scope);
  }

  /** `1 / (1 + exp(-x))`. */
  sigmoid(x: Value, scope: Scope): Value {
    return this.#unary('Sigmoid', x, scope);
  }

  /** `log(1 + exp(x))`. */
  softplus(x: Value, scope: Scope): Value {
    return this.#unary('Softplus', x, scope);
  }

  /** `exp(x)`. */
  exp(x: Value, scope: Scope): Value {
    return this.#unary('Exp', x, scope);
  }

  /** `-x`. */
  negated(x: Value, scope: Scope): Value {
    return this.#unary('Neg', x, scope);
  }

  /** Softmax over the last axis. */
  softmax(x: Value, scope: Scope): Value {
    return this.#unary('Softmax', x, scope, { axis: integer(-1) });
  }

  /** `a [..., in]` times a matrix `b [in, out]`: `[..., out]`. */
  matMul(a: Value, b: Value, scope: Scope): Value {
    const path = scope.path('MatMul');
    requireDtype(path, a, 'float32');
    requireDtype(path, b, 'float32');
    return this.one('MatMul', [a, b], 'float32', matrixProduct(path, a, b), scope);
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
    return this.one('Gemm', [a, b], 'float32', shape, scope, { transB: integer(1) });
  }

  /** The sum of each row; the last axis goes away. */
  sum(x: Value, scope: Scope): Value {
    const shape = x.shape.slice(0, -1);
    return this.one('ReduceSum', [x, this.integers([-1])], x.dtype, shape, scope, { keepdims: integer(0) });
  }

  /** The mean over some axes, which go away. */
  mean(x: Value, axes: readonly number[], scope: Scope): Value {
    for (const axis of axes) sizeAt(scope.path('ReduceMean'), x, axis);
    const shape = x.shape.filter((_, axis) => !axes.includes(axis));
    return this.one('ReduceMean', [x, this.integers(axes)], x.dtype, shape, scope, { keepdims: integer(0) });
  }

  /** The largest value of each row; the last axis goes away. */
  max(x: Value, scope: Scope): Value {
    const shape = x.shape.slice(0, -1);
    return this.one('ReduceMax', [x, this.integers([-1])], x.dtype, shape, scope, { keepdims: integer(0) });
  }

  /** Index of the largest value of each row, int64; the last axis goes away. */
  argMax(x: Value, scope: Scope): Value {
    return this.one('ArgMax', [x], 'int64', x.shape.slice(0, -1), scope, { axis: integer(-1), keepdims: integer(0) });
  }

  /** The `k` largest of each row, largest first, and their indices (int64). */
  topK(x: Value, k: number, scope: Scope): { readonly values: Value; readonly indices: Value } {
    const path = scope.path('TopK');
    if (sizeAt(path, x, -1) < k) mismatch(path, `rows of at least ${k}`, `${x.name}: ${describe(x)}`);
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
    return this.one(operator, [a, b], a.dtype, broadcast(path, a, b), scope);
  }

  #unary(operator: string, x: Value, scope: Scope, attributes = {}, domain = ''): Value {
    requireDtype(scope.path(operator), x, 'float32');
    return this.one(operator, [x], x.dtype, x.shape, scope, attributes, domain);
  }
}
