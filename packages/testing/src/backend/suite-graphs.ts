import { float32Tensor, type GraphSignature, type NamedTensors } from '@ovis/core';
import { encodeOnnx } from '../onnx/encode-onnx.ts';
import { attentionOver } from './attention-over.ts';
import type { FakeGraph, FakeMemory } from './fake-backend.ts';

/** A graph of the suite: as ONNX bytes for real backends, and as a function for the fake one. */
export type SuiteGraph<S extends GraphSignature = GraphSignature> = Omit<FakeGraph, 'source' | 'signature'> & {
  readonly source: Uint8Array;
  readonly signature: S;
};

/** The first output of graphs with a state: a list, which some backends use to run without copies. */
const marker = {
  node: { operator: 'SequenceConstruct', inputs: ['zero'], outputs: ['marker'] },
  output: { name: 'marker', dtype: 'float32', shape: 'sequence' },
  constant: { name: 'zero', dtype: 'float32', dims: [1], values: [0] },
} as const;

const affineSignature = {
  inputs: { x: { dtype: 'float32', shape: ['S', 2] } },
  outputs: { doubled: { dtype: 'float32', shape: ['S', 2] }, shifted: { dtype: 'float32', shape: ['S', 2] } },
  state: [],
} as const satisfies GraphSignature;

/** `doubled = 2x`, `shifted = x + 1`. */
export const affineGraph: SuiteGraph<typeof affineSignature> = {
  signature: affineSignature,
  source: encodeOnnx({
    nodes: [
      { operator: 'Add', inputs: ['x', 'x'], outputs: ['doubled'] },
      { operator: 'Add', inputs: ['x', 'one'], outputs: ['shifted'] },
    ],
    constants: [{ name: 'one', dtype: 'float32', dims: [1], values: [1] }],
    inputs: [{ name: 'x', ...affineSignature.inputs.x }],
    outputs: [
      { name: 'doubled', ...affineSignature.outputs.doubled },
      { name: 'shifted', ...affineSignature.outputs.shifted },
    ],
  }),
  run: (inputs) => {
    const x = floats(inputs, 'x');
    const dims = inputs['x']?.dims ?? [];
    return {
      doubled: float32Tensor(
        x.map((value) => 2 * value),
        dims,
      ),
      shifted: float32Tensor(
        x.map((value) => value + 1),
        dims,
      ),
    };
  },
};

const dataTypes = ['float16', 'int64', 'int32', 'uint8', 'int8', 'bool'] as const;

const copySignature = {
  inputs: {
    float16: { dtype: 'float16', shape: ['S'] },
    int64: { dtype: 'int64', shape: ['S'] },
    int32: { dtype: 'int32', shape: ['S'] },
    uint8: { dtype: 'uint8', shape: ['S'] },
    int8: { dtype: 'int8', shape: ['S'] },
    bool: { dtype: 'bool', shape: ['S'] },
  },
  outputs: {
    float16_copy: { dtype: 'float16', shape: ['S'] },
    int64_copy: { dtype: 'int64', shape: ['S'] },
    int32_copy: { dtype: 'int32', shape: ['S'] },
    uint8_copy: { dtype: 'uint8', shape: ['S'] },
    int8_copy: { dtype: 'int8', shape: ['S'] },
    bool_copy: { dtype: 'bool', shape: ['S'] },
  },
  state: [],
} as const satisfies GraphSignature;

/** Each input again, in every element type but float32. */
export const copyGraph: SuiteGraph<typeof copySignature> = {
  signature: copySignature,
  source: encodeOnnx({
    nodes: dataTypes.map((name) => ({ operator: 'Identity', inputs: [name], outputs: [`${name}_copy`] })),
    inputs: dataTypes.map((dtype) => ({ name: dtype, dtype, shape: ['S'] })),
    outputs: dataTypes.map((dtype) => ({ name: `${dtype}_copy`, dtype, shape: ['S'] })),
  }),
  run: (inputs) => Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [`${name}_copy`, tensor])),
};

const attentionSignature = {
  inputs: {
    x: { dtype: 'float32', shape: [1, 'S', 8] },
    last_position: { dtype: 'int32', shape: [1] },
    total_length: { dtype: 'int32', shape: [1] },
  },
  outputs: { y: { dtype: 'float32', shape: [1, 'S', 8] } },
  state: [
    { input: 'past_key', output: 'present_key', dtype: 'float32', shape: [1, 1, 'T', 8], growingAxis: 2 },
    { input: 'past_value', output: 'present_value', dtype: 'float32', shape: [1, 1, 'T', 8], growingAxis: 2 },
  ],
} as const satisfies GraphSignature;

/** Causal attention with one head of 8 numbers whose input is query, key and value. */
export const attentionGraph: SuiteGraph<typeof attentionSignature> = {
  signature: attentionSignature,
  source: encodeOnnx({
    nodes: [
      marker.node,
      {
        operator: 'GroupQueryAttention',
        domain: 'com.microsoft',
        inputs: ['x', 'x', 'x', 'past_key', 'past_value', 'last_position', 'total_length'],
        outputs: ['y', 'present_key', 'present_value'],
        integers: { num_heads: 1, kv_num_heads: 1 },
      },
    ],
    constants: [marker.constant],
    inputs: [
      { name: 'x', ...attentionSignature.inputs.x },
      { name: 'last_position', ...attentionSignature.inputs.last_position },
      { name: 'total_length', ...attentionSignature.inputs.total_length },
      { name: 'past_key', dtype: 'float32', shape: [1, 1, 'past', 8] },
      { name: 'past_value', dtype: 'float32', shape: [1, 1, 'past', 8] },
    ],
    outputs: [
      marker.output,
      { name: 'y', ...attentionSignature.outputs.y },
      { name: 'present_key', dtype: 'float32', shape: [1, 1, 'T', 8] },
      { name: 'present_value', dtype: 'float32', shape: [1, 1, 'T', 8] },
    ],
  }),
  run: (inputs, memory) => {
    const x = floats(inputs, 'x');
    const total = Number(inputs['total_length']?.data[0]);
    if (memory === null || total > memory.capacity) throw new Error(`${total} positions do not fit.`);
    const rows = new Float32Array(total * 8);
    rows.set(remembered(memory, 'rows').subarray(0, total * 8 - x.length));
    rows.set(x, total * 8 - x.length);
    memory.values.set('rows', rows);
    const y = Array.from({ length: x.length / 8 }, (_, row) => [
      ...attentionOver(rows, total - x.length / 8 + row + 1, 8),
    ]);
    return { y: float32Tensor(Float32Array.from(y.flat()), [1, x.length / 8, 8]) };
  },
};

const sumSignature = {
  inputs: { x: { dtype: 'float32', shape: [1, 4] } },
  outputs: { before: { dtype: 'float32', shape: [1, 4] } },
  state: [{ input: 'past_sum', output: 'present_sum', dtype: 'float32', shape: [1, 4], growingAxis: null }],
} as const satisfies GraphSignature;

/** A state of fixed size, `present_sum = past_sum + x`, whose old value is read after the new one is written. */
export const sumGraph: SuiteGraph<typeof sumSignature> = {
  signature: sumSignature,
  source: encodeOnnx({
    nodes: [
      marker.node,
      { operator: 'Add', inputs: ['past_sum', 'x'], outputs: ['present_sum'] },
      { operator: 'Sub', inputs: ['present_sum', 'x'], outputs: ['difference'] },
      { operator: 'Max', inputs: ['difference', 'past_sum'], outputs: ['before'] },
    ],
    constants: [marker.constant],
    inputs: [
      { name: 'x', dtype: 'float32', shape: [1, 4] },
      { name: 'past_sum', dtype: 'float32', shape: [1, 4] },
    ],
    outputs: [
      marker.output,
      { name: 'before', dtype: 'float32', shape: [1, 4] },
      { name: 'present_sum', dtype: 'float32', shape: [1, 4] },
    ],
  }),
  run: (inputs, memory) => {
    const x = floats(inputs, 'x');
    if (memory === null) throw new Error('No memory.');
    const before = memory.values.has('sum') ? remembered(memory, 'sum') : new Float32Array(4);
    const present = before.map((value, index) => value + (x[index] ?? 0));
    memory.values.set('sum', present);
    return { before: float32Tensor(before, [1, 4]) };
  },
};

/** All graphs that `describeBackend` uses, for a fake backend. */
export const suiteGraphs: readonly FakeGraph[] = [affineGraph, copyGraph, attentionGraph, sumGraph];

function floats(inputs: NamedTensors, name: string): Float32Array {
  const data = inputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Input ${name} should hold floats.`);
  return data;
}

function remembered(memory: FakeMemory, name: string): Float32Array {
  const value = memory.values.get(name);
  return value instanceof Float32Array ? value : new Float32Array();
}
