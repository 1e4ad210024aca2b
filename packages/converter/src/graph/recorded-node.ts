import type { FileRange, IntegerProducts, TensorSpec } from '@ovis/core';
import type { GraphConstants } from './graph-constants.ts';
import type { Attribute, OnnxGraph, OnnxInitializer, OnnxNode } from './onnx-model.ts';
import type { Value } from './value.ts';
import type { WeightInitializer } from './weight-initializers.ts';

/** A node as it is recorded; `null` omits an optional input or output. */
export type NodeSpec = {
  readonly operator: string;
  /** Default: '', ONNX itself. */
  readonly domain?: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly (TensorSpec | null)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Inputs in the form of the graph for narrow products, where they differ. */
  readonly narrowInputs?: readonly (Value | null)[];
  /** The only form that has this node. Default: both. */
  readonly form?: IntegerProducts;
  /** Graphs that the operator runs by itself, by the attribute that holds each. */
  readonly bodies?: Readonly<Record<string, RecordedBody>>;
};

/** What a graph, or one inside an operator, consists of besides its inputs and outputs. */
export type GraphFrame = {
  readonly nodes: RecordedNode[];
  readonly constants: GraphConstants;
  /** Weights that only nodes of this graph read. */
  readonly weights: WeightInitializer[];
  /** Values that are computed once, by what they are; see `GraphRecorder.once`. */
  readonly computed: Map<string, readonly Value[]>;
};

/**
 * A graph inside an operator. Its nodes also read values of the graph around it, but weights are its own: those
 * of the graph around would not be prepacked, and multiplying with them would take 300 times as long.
 */
export type RecordedBody = GraphFrame & { readonly inputs: readonly Value[]; readonly outputs: readonly Value[] };

/** A node whose outputs have names. */
export type RecordedNode = Omit<NodeSpec, 'outputs'> & {
  readonly name: string;
  readonly outputs: readonly (Value | null)[];
};

/** What things of a graph are called in the file, and where its weights lie. */
export type FilePlaces = {
  nameOf(value: Value): string;
  locate(initializer: string): FileRange;
  /** Which form of the graph is written. */
  readonly products: IntegerProducts;
};

/** The node as the file has it. */
export function toOnnxNode(node: RecordedNode, places: FilePlaces): OnnxNode {
  const { name, operator, domain = '', attributes = {}, bodies = {}, narrowInputs = node.inputs } = node;
  const names = (values: readonly (Value | null)[]) => values.map((value) => (value ? places.nameOf(value) : ''));
  const graphs = Object.entries(bodies).map(
    ([attribute, body]) =>
      [attribute, { kind: 'graph', value: toOnnxBody(`${name}/${attribute}`, body, places) }] as const,
  );
  return {
    name,
    operator,
    domain,
    inputs: names(places.products === 'narrow' ? narrowInputs : node.inputs),
    outputs: names(node.outputs),
    attributes: { ...attributes, ...Object.fromEntries(graphs) },
  };
}

/**
 * Nodes, small numbers and weights of a graph as the file has them. The bytes of signed weights are read as unsigned ones in
 * the narrow form.
 */
export function toOnnxFrame(
  { nodes, constants, weights }: GraphFrame,
  places: FilePlaces,
): Pick<OnnxGraph, 'nodes' | 'initializers'> {
  const { products } = places;
  const external = weights.map(
    ({ name, dtype, dims }): OnnxInitializer => ({
      name,
      dtype: dtype === 'int8' && products === 'narrow' ? 'uint8' : dtype,
      dims,
      content: { external: places.locate(name) },
    }),
  );
  return {
    nodes: nodes.filter(({ form = products }) => form === products).map((node) => toOnnxNode(node, places)),
    initializers: [...constants.initializers(), ...external],
  };
}

function toOnnxBody(name: string, body: RecordedBody, places: FilePlaces): OnnxGraph {
  const info = (value: Value) =>
    ({ kind: 'tensor', name: places.nameOf(value), dtype: value.dtype, shape: value.shape }) as const;
  return { name, ...toOnnxFrame(body, places), inputs: body.inputs.map(info), outputs: body.outputs.map(info) };
}

/** Whether nodes of the graph, or of its nodes' bodies, depend on the processor. */
export function dependsOnProducts({ nodes }: GraphFrame): boolean {
  return nodes.some(({ form, bodies = {} }) => form !== undefined || Object.values(bodies).some(dependsOnProducts));
}

/** Every value that a node reads, inside its bodies too. */
export function valuesRead(node: RecordedNode): readonly Value[] {
  const inside = Object.values(node.bodies ?? {}).flatMap(({ nodes }) => nodes.flatMap(valuesRead));
  const own = [...node.inputs, ...(node.narrowInputs ?? [])];
  return [...own.filter((input) => input !== null), ...inside];
}
