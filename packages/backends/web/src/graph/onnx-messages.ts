import { protobufFields } from './protobuf-fields.ts';

/** Fields of `NodeProto`, `AttributeProto` and `GraphProto` in onnx.proto3. */
const GRAPH_NODE = 1;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_NAME = 1;
const ATTRIBUTE_GRAPH = 6;
const ATTRIBUTE_GRAPHS = 11;

/** Nodes of a graph and of the graphs inside it (loops, branches). */
export function* nodesIn(graph: Uint8Array): Generator<Uint8Array> {
  for (const node of bytesIn(graph, GRAPH_NODE)) {
    yield node;
    for (const attribute of bytesIn(node, NODE_ATTRIBUTE)) {
      for (const inner of [...bytesIn(attribute, ATTRIBUTE_GRAPH), ...bytesIn(attribute, ATTRIBUTE_GRAPHS)]) {
        yield* nodesIn(inner);
      }
    }
  }
}

/** The attribute of a node that is called `name`. */
export function attributeOf(node: Uint8Array, name: string): Uint8Array | undefined {
  return bytesIn(node, NODE_ATTRIBUTE).find((attribute) => textIn(attribute, ATTRIBUTE_NAME) === name);
}

/** All values of a field that holds bytes, texts or messages. */
export function bytesIn(message: Uint8Array, field: number): Uint8Array[] {
  return [...protobufFields(message)].flatMap(({ number, value }) =>
    number === field && value instanceof Uint8Array ? [value] : [],
  );
}

/** The number in a field; 0 where it is left out. */
export function numberIn(message: Uint8Array, field: number): number {
  for (const { number, value } of protobufFields(message))
    if (number === field && typeof value === 'number') return value;
  return 0;
}

/** The text in a field; empty where it is left out. */
export function textIn(message: Uint8Array, field: number): string {
  const [bytes] = bytesIn(message, field);
  return bytes === undefined ? '' : decodeText(bytes);
}

/** The text that bytes stand for. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
