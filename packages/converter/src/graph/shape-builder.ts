import type { DataType, Dim } from '@ovis/core';
import { integer } from './attributes.ts';
import { GraphRecorder } from './graph-recorder.ts';
import type { Attribute } from './onnx-model.ts';
import type { Scope } from './scope.ts';
import { dimAt, mismatch, requireDtype, requireRank, reshapeTarget, sizeAt } from './shape-rules.ts';
import { describe, sameShape, type Value } from './value.ts';

/** The operators that move elements about and leave their values alone. */
export class ShapeBuilder extends GraphRecorder {
  /** float16 as float32. */
  toFloat32(x: Value, scope: Scope): Value {
    requireDtype(scope.path('Cast'), x, 'float16');
    return this.one('Cast', [x], 'float32', x.shape, scope, { to: integer(1) });
  }

  /** Whole numbers of 8 bits, with or without a sign, as float32. */
  codesToFloat32(x: Value, scope: Scope): Value {
    if (x.dtype !== 'int8') requireDtype(scope.path('Cast'), x, 'uint8');
    return this.one('Cast', [x], 'float32', x.shape, scope, { to: integer(1) });
  }

  /** int32 as int64. */
  toInt64(x: Value, scope: Scope): Value {
    requireDtype(scope.path('Cast'), x, 'int32');
    return this.one('Cast', [x], 'int64', x.shape, scope, { to: integer(7) });
  }

  /** The size of an axis that only a run knows, int64 `[1]`. */
  sizeOf(x: Value, axis: number, scope: Scope): Value {
    dimAt(scope.path('Shape'), x, axis);
    return this.one('Shape', [x], 'int64', [1], scope, { start: integer(axis), end: integer(axis + 1) });
  }

  /** The same elements with other dimensions; at most one letter may be new. */
  reshape(x: Value, shape: readonly Dim[], scope: Scope): Value {
    const target = this.integers(reshapeTarget(scope.path('Reshape'), x, shape));
    return this.one('Reshape', [x, target], x.dtype, shape, scope);
  }

  /** Axis `i` of the result is axis `order[i]` of `x`. */
  transpose(x: Value, order: readonly number[], scope: Scope): Value {
    const path = scope.path('Transpose');
    requireRank(path, x, order.length);
    const shape = order.map((axis) => dimAt(path, x, axis));
    return this.one('Transpose', [x], x.dtype, shape, scope, { perm: { kind: 'integers', value: order } });
  }

  /** Adds `after[i]` zeros at the end of axis `i`. */
  padEnd(x: Value, after: readonly number[], scope: Scope): Value {
    return this.#pad(x, [], after, scope);
  }

  /** Adds `before[i]` zeros at the start of axis `i`. */
  padStart(x: Value, before: readonly number[], scope: Scope): Value {
    return this.#pad(x, before, [], scope);
  }

  /** Puts values side by side along the last axis; the other axes are equal. */
  concat(values: readonly [Value, ...Value[]], scope: Scope): Value {
    const path = scope.path('Concat');
    const [first] = values;
    const outer = first.shape.slice(0, -1);
    for (const value of values) {
      requireDtype(path, value, first.dtype);
      if (!sameShape(value.shape.slice(0, -1), outer)) mismatch(path, describe(first), describe(value));
    }
    const width = values.reduce((sum, value) => sum + sizeAt(path, value, -1), 0);
    return this.one('Concat', values, first.dtype, [...outer, width], scope, { axis: integer(-1) });
  }

  /** Picks along `axis`; the axis is replaced by the axes of `indices` (int64). */
  gather(x: Value, indices: Value, axis: number, scope: Scope): Value {
    const path = scope.path('Gather');
    requireDtype(path, indices, 'int64');
    dimAt(path, x, axis);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return this.one('Gather', [x, indices], x.dtype, shape, scope, { axis: integer(axis) });
  }

  /** Where a vector of booleans is true, int64 `[count]`; `count` is the letter of that new size. */
  positionsOf(x: Value, count: string, scope: Scope): Value {
    const path = scope.path('NonZero');
    requireRank(path, x, 1);
    requireDtype(path, x, 'bool');
    return this.reshape(this.one('NonZero', [x], 'int64', [1, count], scope), [count], scope);
  }

  /** Adds `updates [R, D]` to rows of `x [S, D]`, which `rows` (int64 `[R, 1]`) names, each at most once. */
  scatterAdd(x: Value, rows: Value, updates: Value, scope: Scope): Value {
    const path = scope.path('ScatterND');
    requireDtype(path, rows, 'int64');
    requireRank(path, rows, 2);
    if (!sameShape(x.shape.slice(1), updates.shape.slice(1))) mismatch(path, describe(x), describe(updates));
    const reduction = { kind: 'text', value: 'add' } as const;
    return this.one('ScatterND', [x, rows, updates], x.dtype, x.shape, scope, { reduction });
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

  #pad(x: Value, before: readonly number[], after: readonly number[], scope: Scope): Value {
    const path = scope.path('Pad');
    requireRank(path, x, Math.max(before.length, after.length));
    const zeros = x.shape.map((_, axis) => [before[axis] ?? 0, after[axis] ?? 0] as const);
    const shape = x.shape.map((dim, axis) => {
      const [start = 0, end = 0] = zeros[axis] ?? [];
      if (start + end === 0) return dim;
      return typeof dim === 'number'
        ? dim + start + end
        : mismatch(path, 'a fixed size where zeros are added', describe(x));
    });
    const amounts = [...zeros.map(([start]) => start), ...zeros.map(([, end]) => end)];
    return this.one('Pad', [x, this.integers(amounts)], x.dtype, shape, scope);
  }

  /** Records a node with one output, without checks. */
  protected one(
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
