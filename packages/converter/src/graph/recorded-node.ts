import type { TensorSpec } from '@ovis/core';
import type { Attribute, OnnxGraph, OnnxNode } from './onnx-model.ts';
import type { Value } from './value.ts';

/** A node as it is recorded; `null` omits an optional input or output. */
export type NodeSpec = {
  readonly operator: string;
  /** Default: '', ONNX itself. */
  readonly domain?: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly (TensorSpec | null)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** The graph that the operator runs by itself, in its attribute `body`. */
  readonly body?: RecordedBody;
};

/** A graph inside an operator. Its nodes also read values of the graph around it. */
export type RecordedBody = {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly RecordedNode[];
};

/** A node whose outputs have names. */
export type RecordedNode = Omit<NodeSpec, 'outputs'> & {
  readonly name: string;
  readonly outputs: readonly (Value | null)[];
};

/** The node as the file has it; `nameOf` tells what each value is called there. */
export function toOnnxNode(node: RecordedNode, nameOf: (value: Value) => string): OnnxNode {
  const { name, operator, domain = '', attributes = {}, body } = node;
  const names = (values: readonly (Value | null)[]) => values.map((value) => (value ? nameOf(value) : ''));
  return {
    name,
    operator,
    domain,
    inputs: names(node.inputs),
    outputs: names(node.outputs),
    attributes: body ? { ...attributes, body: { kind: 'graph', value: toOnnxBody(name, body, nameOf) } } : attributes,
  };
}

function toOnnxBody(name: string, body: RecordedBody, nameOf: (value: Value) => string): OnnxGraph {
  const info = (value: Value) =>
    ({ kind: 'tensor', name: nameOf(value), dtype: value.dtype, shape: value.shape }) as const;
  return {
    name,
    nodes: body.nodes.map((node) => toOnnxNode(node, nameOf)),
    initializers: [],
    inputs: body.inputs.map(info),
    outputs: body.outputs.map(info),
  };
}

/** Every value that a node reads, inside its body too. */
export function valuesRead(node: RecordedNode): readonly Value[] {
  return [...node.inputs.filter((input) => input !== null), ...(node.body?.nodes ?? []).flatMap(valuesRead)];
}
