import { attributeOf, bytesIn, nodesIn, textIn } from './onnx-messages.ts';
import { protobufFields } from './protobuf-fields.ts';

/** Fields of `ModelProto`, `NodeProto` and `AttributeProto` in onnx.proto3. */
const MODEL_GRAPH = 7;
const NODE_NAME = 3;
const NODE_OPERATOR = 4;
const ATTRIBUTE_FLOAT = 2;

/**
 * Names of the nodes whose attention bounds its scores (`softcap`, Gemma 2), also inside branches. ONNX Runtime 1.30
 * leaves the bound out on WebGPU without a word, so the processor has to compute them.
 */
export function softCappedAttention(model: Uint8Array): string[] {
  try {
    return bytesIn(model, MODEL_GRAPH)
      .flatMap((graph) => [...nodesIn(graph)])
      .filter((node) => textIn(node, NODE_OPERATOR) === 'GroupQueryAttention' && softCapOf(node) !== 0)
      .map((node) => textIn(node, NODE_NAME));
  } catch (error) {
    // No graph at all: the runtime says what is wrong with it.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function softCapOf(node: Uint8Array): number {
  const attribute = attributeOf(node, 'softcap');
  if (attribute === undefined) return 0;
  for (const { number, raw } of protobufFields(attribute)) {
    if (number === ATTRIBUTE_FLOAT)
      return new DataView(raw.buffer, raw.byteOffset + raw.length - 4).getFloat32(0, true);
  }
  return 0;
}
