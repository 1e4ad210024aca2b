import { messages, texts } from './onnx-fields.ts';

/** Operators that compute attention. */
const attentionOperators: ReadonlySet<string> = new Set(['GroupQueryAttention', 'MultiHeadAttention']);

/** Field numbers of onnx.proto3. */
const GRAPH_OF_MODEL = 7;
const NODE_OF_GRAPH = 1;
const NAME_OF_NODE = 3;
const OPERATOR_OF_NODE = 4;
const ATTRIBUTE_OF_NODE = 5;
const NAME_OF_ATTRIBUTE = 1;
const GRAPH_OF_ATTRIBUTE = 6;
const OUTPUT_OF_GRAPH = 12;
const NAME_OF_VALUE = 1;

/** A node that computes attention. */
export type AttentionNode = {
  readonly name: string;
  /** Whether its scores pass through a soft cap (Gemma2). */
  readonly softCapped: boolean;
};

/**
 * The nodes of an `.onnx` file that compute attention, also inside the bodies of branches and loops.
 *
 * @throws ModelFileError when the bytes are no protobuf.
 */
export function attentionNodes(model: Uint8Array): AttentionNode[] {
  return messages(model, GRAPH_OF_MODEL).flatMap(attentionOfGraph);
}

function attentionOfGraph(graph: Uint8Array): AttentionNode[] {
  return messages(graph, NODE_OF_GRAPH).flatMap((node) => {
    const attributes = messages(node, ATTRIBUTE_OF_NODE);
    const inside = attributes.flatMap((attribute) => messages(attribute, GRAPH_OF_ATTRIBUTE)).flatMap(attentionOfGraph);
    const [name = ''] = texts(node, NAME_OF_NODE);
    const [operator = ''] = texts(node, OPERATOR_OF_NODE);
    if (name === '' || !attentionOperators.has(operator)) return inside;
    const softCapped = attributes.some((attribute) => texts(attribute, NAME_OF_ATTRIBUTE).includes('softcap'));
    return [{ name, softCapped }, ...inside];
  });
}

/** Names of a graph's outputs. */
export function outputNames(model: Uint8Array): string[] {
  return messages(model, GRAPH_OF_MODEL)
    .flatMap((graph) => messages(graph, OUTPUT_OF_GRAPH))
    .flatMap((value) => texts(value, NAME_OF_VALUE));
}
