import { float32Tensor, int64Tensor, type GraphSignature, type NamedTensors } from '@ovis/core';
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

type AttentionSignature = Omit<typeof attentionSignature, 'state'> & Pick<GraphSignature, 'state'>;

const attentionInputs = [
  { name: 'x', ...attentionSignature.inputs.x },
  { name: 'last_position', ...attentionSignature.inputs.last_position },
  { name: 'total_length', ...attentionSignature.inputs.total_length },
  { name: 'past_key', dtype: 'float32', shape: [1, 1, 'past', 8] },
  { name: 'past_value', dtype: 'float32', shape: [1, 1, 'past', 8] },
] as const;

/** One head whose query, key and value are the input, over keys and values in place. */
const attentionNode = {
  operator: 'GroupQueryAttention',
  domain: 'com.microsoft',
  inputs: ['x', 'x', 'x', 'past_key', 'past_value', 'last_position', 'total_length'],
  outputs: ['y', 'present_key', 'present_value'],
  integers: { num_heads: 1, kv_num_heads: 1 },
} as const;

const attentionOutputs = [
  marker.output,
  { name: 'y', ...attentionSignature.outputs.y },
  { name: 'present_key', dtype: 'float32', shape: [1, 1, 'T', 8] },
  { name: 'present_value', dtype: 'float32', shape: [1, 1, 'T', 8] },
] as const;

/** Causal attention with one head of 8 numbers whose input is query, key and value. */
export const attentionGraph: SuiteGraph<AttentionSignature> = {
  signature: attentionSignature,
  source: encodeOnnx({
    nodes: [marker.node, attentionNode],
    constants: [marker.constant],
    inputs: attentionInputs,
    outputs: attentionOutputs,
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

const appendingSignature: AttentionSignature = {
  ...attentionSignature,
  state: attentionSignature.state.map((spec) => ({
    ...spec,
    appended: { output: spec.output.replace('present', 'appended'), length: 'total_length' },
  })),
};

/** {@link attentionGraph} that also gives what a run appends to keys and values. */
export const appendingGraph: SuiteGraph<AttentionSignature> = {
  signature: appendingSignature,
  source: encodeOnnx({
    nodes: [
      marker.node,
      attentionNode,
      { operator: 'Cast', inputs: ['total_length'], outputs: ['end'], integers: { to: 7 } },
      { operator: 'Shape', inputs: ['x'], outputs: ['count'], integers: { start: 1, end: 2 } },
      { operator: 'Sub', inputs: ['end', 'count'], outputs: ['start'] },
      { operator: 'Slice', inputs: ['present_key', 'start', 'end', 'axis'], outputs: ['appended_key'] },
      { operator: 'Slice', inputs: ['present_value', 'start', 'end', 'axis'], outputs: ['appended_value'] },
    ],
    constants: [marker.constant, { name: 'axis', dtype: 'int64', dims: [1], values: [2] }],
    inputs: attentionInputs,
    outputs: [
      ...attentionOutputs,
      { name: 'appended_key', dtype: 'float32', shape: [1, 1, 'S', 8] },
      { name: 'appended_value', dtype: 'float32', shape: [1, 1, 'S', 8] },
    ],
  }),
  run: (inputs, memory) => attentionGraph.run(inputs, memory),
};

const followingSignature = {
  inputs: attentionSignature.inputs,
  outputs: {
    choice: { dtype: 'int64', shape: [1, 'S'] },
    next: { dtype: 'float32', shape: [1, 'S', 8] },
  },
  state: attentionSignature.state,
  successor: {
    choice: 'choice',
    feeds: { x: 'next' },
    counts: ['last_position', 'total_length'],
    length: 'total_length',
  },
} as const satisfies GraphSignature;

/**
 * {@link attentionGraph} whose runs follow from each other: the output turned by one place is the next input, and its largest
 * number the choice. Inputs of -1000 and less have none.
 */
export const followingGraph: SuiteGraph<
  Omit<typeof followingSignature, 'state'> & Pick<GraphSignature, 'state' | 'successor'>
> = {
  signature: followingSignature,
  source: encodeOnnx({
    nodes: [
      marker.node,
      attentionNode,
      { operator: 'Gather', inputs: ['y', 'turned'], outputs: ['next'], integers: { axis: 2 } },
      { operator: 'ArgMax', inputs: ['y'], outputs: ['largest'], integers: { axis: 2, keepdims: 0 } },
      { operator: 'Mul', inputs: ['y', 'thousandth'], outputs: ['thousands'] },
      { operator: 'ReduceMin', inputs: ['thousands', 'last_axis'], outputs: ['least'], integers: { keepdims: 0 } },
      { operator: 'Cast', inputs: ['least'], outputs: ['penalty'], integers: { to: 7 } },
      { operator: 'Mul', inputs: ['penalty', 'ten'], outputs: ['large_penalty'] },
      { operator: 'Add', inputs: ['largest', 'large_penalty'], outputs: ['choice'] },
    ],
    constants: [
      marker.constant,
      { name: 'turned', dtype: 'int64', dims: [8], values: [1, 2, 3, 4, 5, 6, 7, 0] },
      { name: 'thousandth', dtype: 'float32', dims: [1], values: [1e-3] },
      { name: 'last_axis', dtype: 'int64', dims: [1], values: [2] },
      { name: 'ten', dtype: 'int64', dims: [1], values: [10] },
    ],
    inputs: attentionInputs,
    outputs: [
      marker.output,
      { name: 'choice', ...followingSignature.outputs.choice },
      { name: 'next', ...followingSignature.outputs.next },
      ...attentionOutputs.slice(2),
    ],
  }),
  run: async (inputs, memory) => {
    const y = floats(await attentionGraph.run(inputs, memory), 'y');
    const rows = Array.from({ length: y.length / 8 }, (_, row) => [...y.subarray(row * 8, row * 8 + 8)]);
    const choices = rows.map((row) => row.indexOf(Math.max(...row)) + 10 * Math.trunc(Math.min(...row) / 1000));
    const next = rows.flatMap(([first = 0, ...others]) => [...others, first]);
    return {
      choice: int64Tensor(choices, [1, rows.length]),
      next: float32Tensor(Float32Array.from(next), [1, rows.length, 8]),
    };
  },
};

/** What {@link branchGraph} does with one new row. */
const oneRow = [
  { operator: 'Reshape', inputs: ['x', 'row_shape'], outputs: ['row'] },
  { operator: 'Cast', inputs: ['last_position'], outputs: ['last'], integers: { to: 7 } },
  { operator: 'Mul', inputs: ['only_position', 'last'], outputs: ['place'] },
  { operator: 'ScatterND', inputs: ['past_key', 'place', 'row'], outputs: ['row_key'] },
  { operator: 'ScatterND', inputs: ['past_value', 'place', 'row'], outputs: ['row_value'] },
  {
    operator: 'FusedMatMul',
    domain: 'com.microsoft',
    inputs: ['row_key', 'row'],
    outputs: ['products'],
    integers: { transB: 1 },
  },
  { operator: 'Mul', inputs: ['products', 'scale'], outputs: ['scaled'] },
  { operator: 'Reshape', inputs: ['scaled', 'scores_shape'], outputs: ['scores'] },
  { operator: 'Shape', inputs: ['past_key'], outputs: ['room'], integers: { start: 2, end: 3 } },
  { operator: 'Squeeze', inputs: ['room'], outputs: ['end'] },
  { operator: 'Range', inputs: ['start', 'end', 'step'], outputs: ['positions'] },
  { operator: 'Greater', inputs: ['positions', 'last'], outputs: ['unknown'] },
  { operator: 'Where', inputs: ['unknown', 'never', 'zero'], outputs: ['bias'] },
  { operator: 'Add', inputs: ['scores', 'bias'], outputs: ['visible'] },
  { operator: 'Softmax', inputs: ['visible'], outputs: ['weights'] },
  { operator: 'MatMul', inputs: ['weights', 'row_value'], outputs: ['attended'] },
  { operator: 'Reshape', inputs: ['attended', 'y_shape'], outputs: ['row_y'] },
] as const;

/** Outputs of a branch. */
function branchOutputs(prefix: string) {
  const state = [1, 1, 'T', 8];
  return [
    { name: `${prefix}_y`, dtype: 'float32', shape: [1, 'S', 8] },
    { name: `${prefix}_key`, dtype: 'float32', shape: state },
    { name: `${prefix}_value`, dtype: 'float32', shape: state },
  ] as const;
}

/**
 * {@link attentionGraph} as decoders for processors have it: one new row is scattered into the past and attends by plain
 * products, in one branch of a condition; several rows take the operator, in the other.
 */
export const branchGraph: SuiteGraph<AttentionSignature> = {
  signature: attentionSignature,
  source: encodeOnnx({
    nodes: [
      marker.node,
      { operator: 'Shape', inputs: ['x'], outputs: ['rows'], integers: { start: 1, end: 2 } },
      { operator: 'Equal', inputs: ['rows', 'one'], outputs: ['is_one'] },
      {
        operator: 'If',
        inputs: ['is_one'],
        outputs: ['y', 'present_key', 'present_value'],
        bodies: {
          then_branch: { nodes: oneRow, outputs: branchOutputs('row') },
          else_branch: {
            nodes: [
              {
                operator: 'GroupQueryAttention',
                domain: 'com.microsoft',
                inputs: ['x', 'x', 'x', 'past_key', 'past_value', 'last_position', 'total_length'],
                outputs: ['all_y', 'all_key', 'all_value'],
                integers: { num_heads: 1, kv_num_heads: 1 },
              },
            ],
            outputs: branchOutputs('all'),
          },
        },
      },
    ],
    constants: [
      marker.constant,
      { name: 'never', dtype: 'float32', dims: [1], values: [-1e30] },
      { name: 'scale', dtype: 'float32', dims: [1], values: [8 ** -0.5] },
      { name: 'one', dtype: 'int64', dims: [1], values: [1] },
      { name: 'start', dtype: 'int64', dims: [], values: [0] },
      { name: 'step', dtype: 'int64', dims: [], values: [1] },
      { name: 'only_position', dtype: 'int64', dims: [1, 1, 1, 3], values: [0, 0, 1] },
      { name: 'row_shape', dtype: 'int64', dims: [4], values: [1, 1, 1, 8] },
      { name: 'scores_shape', dtype: 'int64', dims: [4], values: [1, 1, 1, -1] },
      { name: 'y_shape', dtype: 'int64', dims: [3], values: [1, -1, 8] },
    ],
    inputs: attentionInputs,
    outputs: attentionOutputs,
  }),
  run: (inputs, memory) => attentionGraph.run(inputs, memory),
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
export const suiteGraphs: readonly FakeGraph[] = [
  affineGraph,
  copyGraph,
  attentionGraph,
  appendingGraph,
  followingGraph,
  sumGraph,
];

function floats(inputs: NamedTensors, name: string): Float32Array {
  const data = inputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Input ${name} should hold floats.`);
  return data;
}

function remembered(memory: FakeMemory, name: string): Float32Array {
  const value = memory.values.get(name);
  return value instanceof Float32Array ? value : new Float32Array();
}
