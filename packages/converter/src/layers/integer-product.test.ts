import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dim, IntegerProducts } from '@ovis/core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { initializerBytes } from '../../test/evaluate-weight.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { largestDifference } from '../../test/compare.ts';
import { all } from '../../test/one-dtype.ts';
import { formsHere } from '../../test/products-here.ts';
import { noise } from '../../test/run-layer.ts';
import type { BuiltGraph } from '../graph/built-graph.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import { createLowering } from '../lowering/lowering.ts';
import { linear } from './linear.ts';

const [inputs, outputs] = [150, 9];
const weight = noise(inputs * outputs, 3);
const bias = noise(outputs, 4);
const tensors = new Map([
  ['layer.weight', { shape: [outputs, inputs], data: weight }],
  ['layer.bias', { shape: [outputs], data: bias }],
]);

/** Rows of very different size, one of them zeros, and one with a huge number in it. */
const x = noise(6 * inputs, 5).map((value, index) => value * ([1, 1e-3, 40, 0, 1, 1][Math.floor(index / inputs)] ?? 0));
x[4 * inputs + 7] = 3000;

function graphOf(shape: readonly Dim[]): BuiltGraph {
  const g = new GraphBuilder('product', createLowering('cpu', all('int8')));
  const y = linear(g, g.input('x', { dtype: 'float32', shape }), new Scope('decoder', ['layer']), {
    outputs,
    bias: true,
  });
  g.output('y', y, { dtype: 'float32', shape: [...shape.slice(0, -1), outputs] });
  return g.build();
}

async function run(graph: BuiltGraph, dims: readonly number[], products: IntegerProducts): Promise<Tensor | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'ovis-product-'));
  try {
    const pieces = graph.weights.flatMap((stored) => initializerBytes(stored, tensors));
    const places = new Map<string, { readonly offset: number; readonly length: number }>();
    let offset = 0;
    const names = graph.weights.flatMap(({ name, storage }) =>
      storage.kind === 'columns' ? [`${name}.codes`, `${name}.scales`] : [name],
    );
    names.forEach((name, index) => {
      const length = pieces[index]?.length ?? 0;
      places.set(name, { offset, length });
      offset += length;
    });
    await writeFile(join(folder, 'product.data'), Buffer.concat(pieces));
    const path = join(folder, 'product.onnx');
    const locate = (name: string) => ({ file: 'product.data', ...(places.get(name) ?? { offset: 0, length: 0 }) });
    await writeFile(path, graph.serialise(locate, products));
    const session = await InferenceSession.create(path, { logSeverityLevel: 3 });
    return (await session.run({ x: new Tensor('float32', x, dims) }))['y'];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** By the book: both factors rounded to whole numbers, all sums exact. */
function expected(limit: number): Float32Array {
  const scaleOf = (values: Float32Array, most: number) =>
    values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30) / most;
  return Float32Array.from({ length: (x.length / inputs) * outputs }, (_, index) => {
    const row = x.subarray(Math.floor(index / outputs) * inputs).subarray(0, inputs);
    const output = index % outputs;
    const column = weight.subarray(output * inputs, (output + 1) * inputs);
    const extreme = column.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    const [rowScale, columnScale] = [scaleOf(row, limit), extreme / -128];
    const sum = row.reduce(
      (total, value, at) =>
        total + Math.round(value / rowScale) * Math.min(127, Math.round((column[at] ?? 0) / columnScale)),
      0,
    );
    return sum * rowScale * columnScale + (bias[output] ?? 0);
  });
}

describe.each(formsHere)('for %s products', (products) => {
  test.each<{ readonly shape: readonly Dim[]; readonly dims: readonly number[] }>([
    { shape: ['M', inputs], dims: [6, inputs] },
    { shape: [1, 'S', inputs], dims: [1, 6, inputs] },
    { shape: ['B', 'P', inputs], dims: [2, 3, inputs] },
    { shape: ['B', 3, inputs], dims: [2, 3, inputs] },
  ])('rows of $shape are rounded each for itself and multiplied exactly', async ({ shape, dims }) => {
    const y = await run(graphOf(shape), dims, products);
    expect(y?.dims).toEqual([...dims.slice(0, -1), outputs]);
    const [actual, exact] = [floatsOf(y), expected(127)];
    for (let row = 0; row < 6; row++) {
      const part = (values: Float32Array) => values.subarray(row * outputs, (row + 1) * outputs);
      const size = part(exact).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Numbers half-way between two codes may round either way.
      expect(largestDifference(part(actual), part(exact)) / size).toBeLessThan(0.01);
    }
  });
});

test('products that read the same rows share their rounding', () => {
  const g = new GraphBuilder('shared', createLowering('cpu', all('int8')));
  const input = g.input('x', { dtype: 'float32', shape: [1, 'S', inputs] });
  const scope = new Scope('decoder', ['layer']);
  const both = ['gate', 'up'].map((name) => linear(g, input, scope.child(name), { outputs, bias: false }));
  both.forEach((value, index) => g.output(`y${index}`, value, value));
  const file = Buffer.from(g.build().serialise(() => ({ file: 'x', offset: 0, length: 0 }))).toString('latin1');
  expect(file.split('QuantizeLinear_output').length - 1).toBeGreaterThan(0);
  expect(file.match(/\/QuantizeLinear(_\d+)?_output/g)?.every((name) => name === '/QuantizeLinear_output')).toBe(true);
});

test('only the narrow form turns signed bytes into unsigned ones', () => {
  const graph = graphOf(['M', inputs]);
  const holds = (products: IntegerProducts) =>
    Buffer.from(graph.serialise(() => ({ file: 'x', offset: 0, length: 0 }), products)).includes('BitwiseXor');
  expect([holds('wide'), holds('narrow')]).toEqual([false, true]);
});

test('only graphs with such products have a form for narrow ones', () => {
  expect(graphOf(['M', inputs]).dependsOnProducts).toBe(true);
  const g = new GraphBuilder('floats', createLowering('cpu', all('f32')));
  const input = g.input('x', { dtype: 'float32', shape: ['M', inputs] });
  const y = linear(g, input, new Scope('decoder', ['layer']), { outputs, bias: true });
  g.output('y', y, y);
  expect(g.build().dependsOnProducts).toBe(false);
});
