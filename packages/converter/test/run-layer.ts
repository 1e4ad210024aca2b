import { Tensor } from 'onnxruntime-node';
import type { Dim } from '@ovis/core';
import { GraphBuilder } from '../src/graph/graph-builder.ts';
import type { Value } from '../src/graph/value.ts';
import { createLowering, type Lowering } from '../src/lowering/lowering.ts';
import type { Tensors } from './evaluate-weight.ts';
import { all } from './one-dtype.ts';
import { openGraph } from './open-graph.ts';

/** An input of a layer under test: its data, the size of every axis, and what the graph calls them. */
export type LayerInput = {
  readonly data: Float32Array | BigInt64Array | Int32Array | Int8Array;
  readonly dims: readonly number[];
  readonly shape?: readonly Dim[];
};

/** Builds a graph of one layer, runs it and gives its outputs. */
export async function runLayer(
  inputs: Readonly<Record<string, LayerInput>>,
  weights: Tensors,
  build: (g: GraphBuilder, values: (name: string) => Value) => Readonly<Record<string, Value>>,
  lowering: Lowering = createLowering('cpu', all('f32')),
): Promise<Readonly<Record<string, Tensor>>> {
  const g = new GraphBuilder('layer', lowering);
  const values = new Map(
    Object.entries(inputs).map(([name, { data, dims, shape = dims }]) => [
      name,
      g.input(name, { dtype: typeOf(data), shape }),
    ]),
  );
  const outputs = build(g, (name) => {
    const value = values.get(name);
    if (!value) throw new Error(`No input ${name}.`);
    return value;
  });
  for (const [name, value] of Object.entries(outputs)) g.output(name, value, value);
  const session = await openGraph(g.build(), weights);
  const feeds = Object.entries(inputs).map(
    ([name, { data, dims }]) => [name, new Tensor(typeOf(data), data, dims)] as const,
  );
  return session.run(Object.fromEntries(feeds));
}

/** `count` numbers that look random and are always the same. */
export function noise(count: number, seed = 1): Float32Array {
  let state = seed * 7919;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  });
}

/** A weight of noise. */
export function noisyWeight(
  shape: readonly number[],
  seed: number,
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  return {
    shape,
    data: noise(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
  };
}

function typeOf(data: LayerInput['data']): 'float32' | 'int64' | 'int32' | 'int8' {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int8Array) return 'int8';
  return data instanceof BigInt64Array ? 'int64' : 'int32';
}
