import { messages, texts } from './onnx-fields.ts';

/** Operators that compute attention. */
const attentionOperators: ReadonlySet<string> = new Set(['GroupQueryAttention', 'MultiHeadAttention']);

/** Field numbers of onnx.proto3. */
const GRAPH_OF_MODEL = 7;
const NODE_OF_GRAPH = 1;
const NAME_OF_NODE = 3;
const OPERATOR_OF_NODE = 4;
const OUTPUT_OF_GRAPH = 12;
const NAME_OF_VALUE = 1;

/**
 * Names of the nodes of an `.onnx` file that compute attention, also where a name is given more than once.
 *
 * @throws ModelFileError when the bytes are no protobuf.
 */
export function attentionNodes(model: Uint8Array): string[] {
  const names: string[] = [];
  for (const graph of messages(model, GRAPH_OF_MODEL)) {
    for (const node of messages(graph, NODE_OF_GRAPH)) {
      const [name = ''] = texts(node, NAME_OF_NODE);
      const [operator = ''] = texts(node, OPERATOR_OF_NODE);
      if (name !== '' && attentionOperators.has(operator)) names.push(name);
    }
  }
  return names;
}

/** Names of a graph's outputs. */
export function outputNames(model: Uint8Array): string[] {
  return messages(model, GRAPH_OF_MODEL)
    .flatMap((graph) => messages(graph, OUTPUT_OF_GRAPH))
    .flatMap((value) => texts(value, NAME_OF_VALUE));
}
