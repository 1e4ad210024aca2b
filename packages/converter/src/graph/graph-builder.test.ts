import { fromBinary } from '@bufbuild/protobuf';
import { ShapeMismatchError, type Dim } from '@ovis/core';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { createLowering } from '../lowering/lowering.ts';
import { GraphBuilder } from './graph-builder.ts';
import { Scope } from './scope.ts';

const scope = new Scope('decoder', ['llm', 'model']);

function builder(): GraphBuilder {
  const dtypes = {
    decoder: 'f32',
    lmHead: 'f32',
    vit: 'f32',
    visualHead: 'f32',
    visualTable: 'f32',
    textTable: 'f32',
  } as const;
  return new GraphBuilder('test', createLowering('cpu', dtypes));
}

const floats = (...shape: Dim[]) => ({ dtype: 'float32', shape }) as const;
const noWeights = () => ({ file: '', offset: 0, length: 0 });
const read = (g: GraphBuilder) => fromBinary(ModelProtoSchema, g.build().serialise(noWeights)).graph;

describe('operators', () => {
  test('give values whose shapes are known', () => {
    const g = builder();
    const x = g.input('x', floats('B', 'P', 12));
    expect(g.softmax(x, scope).shape).toEqual(['B', 'P', 12]);
    expect(g.transpose(x, [2, 0, 1], scope).shape).toEqual([12, 'B', 'P']);
    expect(g.padEnd(x, [0, 0, 4], scope).shape).toEqual(['B', 'P', 16]);
    expect(g.padStart(g.reshape(x, [7, 'S', 12], scope), [1, 0, 0], scope).shape).toEqual([8, 'S', 12]);
    expect(g.concat([x, x], scope).shape).toEqual(['B', 'P', 24]);
    expect(g.mean(x, [2], scope).shape).toEqual(['B', 'P']);
    expect(g.split(x, [4, 8], scope).map(({ shape }) => shape.at(-1))).toEqual([4, 8]);
    expect(g.max(x, scope)).toMatchObject({ dtype: 'float32', shape: ['B', 'P'] });
    expect(g.argMax(x, scope)).toMatchObject({ dtype: 'int64', shape: ['B', 'P'] });
    expect(g.topK(x, 3, scope).indices).toMatchObject({ dtype: 'int64', shape: ['B', 'P', 3] });
    expect(g.gather(x, g.input('i', { dtype: 'int64', shape: ['M'] }), 1, scope).shape).toEqual(['B', 'M', 12]);
    expect(g.sizeOf(x, 1, scope)).toMatchObject({ dtype: 'int64', shape: [1] });
  });

  test('refuse what does not fit, with the path of the node', () => {
    const g = builder();
    const x = g.input('x', floats('B', 'P', 12));
    const indices = g.input('i', { dtype: 'int64', shape: ['M'] });
    expect(() => g.add(x, g.input('y', floats(5)), scope)).toThrow(
      /^\/llm\/model\/Add: expected shapes that broadcast/,
    );
    expect(() => g.add(x, indices, scope)).toThrow(ShapeMismatchError);
    expect(() => g.silu(indices, scope)).toThrow(ShapeMismatchError);
    expect(() => g.matMul(x, g.input('w', floats(5, 5)), scope)).toThrow(ShapeMismatchError);
    expect(() => g.matMulTransposed(x, x, scope)).toThrow(/2 axes/);
    expect(() => g.split(x, [4, 4], scope)).toThrow(/a last axis of 8/);
    expect(() => g.topK(x, 13, scope)).toThrow(/rows of at least 13/);
    expect(() => g.gather(x, x, 1, scope)).toThrow(ShapeMismatchError);
    expect(() => g.gather(x, indices, 3, scope)).toThrow(ShapeMismatchError);
    expect(() => g.transpose(x, [1, 0], scope)).toThrow(ShapeMismatchError);
    expect(() => g.padEnd(x, [0, 1, 0], scope)).toThrow(/a fixed size/);
    expect(() => g.concat([x, indices], scope)).toThrow(ShapeMismatchError);
    expect(() => g.mean(x, [1], scope)).toThrow(/a fixed size on axis 1/);
    expect(() => g.toFloat32(x, scope)).toThrow(/float16/);
  });
});

describe('a recorded graph', () => {
  test('names nodes after their place in the checkpoint, each differently', () => {
    const g = builder();
    const x = g.input('x', floats('S'));
    g.output('y', g.relu(g.relu(x, scope), scope), floats('S'));
    expect(read(g)?.node.map(({ name }) => name)).toEqual(['/llm/model/Relu', '/llm/model/Relu_1']);
  });

  test('calls an output by its name, also where a node reads it', () => {
    const g = builder();
    const middle = g.relu(g.input('x', floats('S')), scope);
    g.output('last', g.log(middle, scope), floats('S'));
    g.output('middle', middle, floats('S'));
    const graph = read(g);
    expect(graph?.output.map(({ name }) => name)).toEqual(['last', 'middle']);
    expect(graph?.node.map(({ input, output }) => [input, output])).toEqual([
      [['x'], ['middle']],
      [['middle'], ['last']],
    ]);
  });

  test('keeps equal constants once', () => {
    const g = builder();
    const x = g.input('x', floats('S', 4));
    g.output('y', g.sum(x, scope), floats('S'));
    g.output('z', g.max(x, scope), floats('S'));
    expect(read(g)?.initializer.map(({ name }) => name)).toEqual(['constant/int64/-1']);
  });

  test('refuses outputs that are not what was promised', () => {
    const g = builder();
    const y = g.relu(g.input('x', floats('S')), scope);
    expect(() => g.output('y', y, floats('T'))).toThrow(/output y: expected float32 \[T\], got .*float32 \[S\]/);
    expect(() => g.output('y', y, { dtype: 'int64', shape: ['S'] })).toThrow(ShapeMismatchError);
  });

  test('refuses names that are taken, and inputs as outputs', () => {
    const g = builder();
    const x = g.input('x', floats('S'));
    expect(() => g.input('x', floats('S'))).toThrow(ShapeMismatchError);
    expect(() => g.output('y', x, floats('S'))).toThrow(ShapeMismatchError);
    const y = g.relu(x, scope);
    g.output('y', y, floats('S'));
    expect(() => g.output('z', y, floats('S'))).toThrow(ShapeMismatchError);
    expect(() => g.output('y', g.relu(x, scope), floats('S'))).toThrow(ShapeMismatchError);
  });

  test('refuses a weight that is registered twice or that no node reads', () => {
    const g = builder();
    const weight = {
      name: 'w',
      part: 'decoder',
      expression: { op: 'tensor', name: 'w', shape: [4, 4] },
      storage: { kind: 'f32', transposed: false },
    } as const;
    g.weight(weight);
    expect(() => g.weight(weight)).toThrow(/one weight of this name/);
    expect(() => g.build()).toThrow(/w: expected a node that reads this weight/);
  });

  test('lists state apart from inputs and outputs, and calls the past otherwise than the present', () => {
    const g = builder();
    const state = { input: 'past', output: 'present', ...floats(1, 'capacity', 8), growingAxis: 1 };
    const past = g.stateInput(state);
    const scopeless = { operator: 'Grow', inputs: [past], outputs: [floats(1, 'capacity', 8)] };
    g.stateOutput(state, g.single(scopeless, scope));
    expect(g.build().signature).toEqual({ inputs: {}, outputs: {}, state: [state] });
    const type = read(g)?.input[0]?.type?.value;
    expect(type?.case === 'tensorType' && type.value.shape?.dim.map((dim) => dim.value.value)).toEqual([
      1n,
      'past',
      8n,
    ]);
  });

  test('sees weights that are read inside a body', () => {
    const g = builder();
    const x = g.input('x', floats('n', 'rows', 4));
    const body = g.body([floats('rows', 4)], scope, (rows = x) => {
      const [w = rows] = g.weight({
        name: 'w',
        part: 'decoder',
        expression: { op: 'tensor', name: 'w', shape: [4, 4] },
        storage: { kind: 'f32', transposed: false },
      });
      return [g.matMul(rows, w, scope)];
    });
    g.output('y', g.single({ operator: 'Scan', inputs: [x], outputs: [x], bodies: { body } }, scope), x);
    const graph = read(g);
    expect(graph?.node.map(({ opType }) => opType)).toEqual(['Scan']);
    expect(graph?.node[0]?.attribute[0]?.g?.node[0]?.input).toEqual(['/llm/model/body_input_0', 'w']);
  });
});
