import { joined, protobufBytes, protobufFields } from './protobuf-fields.ts';

/** Fields of `ModelProto`, `GraphProto`, `NodeProto`, `AttributeProto` and `TensorProto` in onnx.proto3. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_GRAPH = 6;
const ATTRIBUTE_GRAPHS = 11;
const TENSOR_DATA_LOCATION = 14;
const EXTERNAL = 1;

/**
 * The same `.onnx` file with the weights of its bodies (loops, branches) in the graph around them, where bodies see them
 * as well. onnxruntime-web looks for the external data of a body's weights in a file system, which a browser does not
 * have. Natively they belong inside, where they are packed for fast products; WebAssembly has no such packing.
 *
 * @returns `model` itself when there is nothing to move, or when it is no graph: the runtime says what is wrong with it.
 */
export function withWeightsOutside(model: Uint8Array): Uint8Array {
  try {
    const moved: Uint8Array[] = [];
    const fields = [...protobufFields(model)].map(({ number, value, raw }) => {
      if (number !== MODEL_GRAPH || !(value instanceof Uint8Array)) return raw;
      const own = nodesOf(value, moved);
      return protobufBytes(number, [...own, ...moved]);
    });
    return moved.length === 0 ? model : joined(fields);
  } catch (error) {
    if (error instanceof RangeError) return model;
    throw error;
  }
}

/** The fields of a graph; external weights of the bodies in its nodes go to `moved`. */
function nodesOf(graph: Uint8Array, moved: Uint8Array[]): Uint8Array[] {
  return replaced(graph, new Set([GRAPH_NODE]), (node) =>
    replaced(node, new Set([NODE_ATTRIBUTE]), (attribute) =>
      replaced(attribute, new Set([ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS]), (body) => bodyOf(body, moved)),
    ),
  );
}

/** The fields of a body without its external weights. */
function bodyOf(body: Uint8Array, moved: Uint8Array[]): Uint8Array[] {
  const kept: Uint8Array[] = [];
  for (const { number, value, raw } of protobufFields(body)) {
    const external = number === GRAPH_INITIALIZER && value instanceof Uint8Array && isExternal(value);
    (external ? moved : kept).push(raw);
  }
  return nodesOf(joined(kept), moved);
}

function isExternal(tensor: Uint8Array): boolean {
  for (const { number, value } of protobufFields(tensor)) {
    if (number === TENSOR_DATA_LOCATION) return value === EXTERNAL;
  }
  return false;
}

/** The fields of a message, with `change` done to the messages in some of them. */
function replaced(
  message: Uint8Array,
  numbers: ReadonlySet<number>,
  change: (inner: Uint8Array) => readonly Uint8Array[],
): Uint8Array[] {
  return [...protobufFields(message)].map(({ number, value, raw }) =>
    numbers.has(number) && value instanceof Uint8Array ? protobufBytes(number, change(value)) : raw,
  );
}
