import type { DataType } from '@ovis/core';
import type { Attribute, OnnxGraph, OnnxInitializer, OnnxNode, OnnxValueInfo } from './onnx-model.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** What ONNX Runtime 1.30 and its contrib operators are known to read (newer files gain us nothing). */
const IR_VERSION = 10;
const OPSET = 21;
const CONTRIB_VERSION = 1;

/** TensorProto.DataType of onnx.proto3. */
const dataTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** The bytes of an `.onnx` file. Field numbers are those of onnx.proto3. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const writer = new ProtobufWriter();
  writer.integer(1, IR_VERSION);
  writer.text(2, 'ovis-converter');
  writer.message(7, (message) => writeGraph(message, graph));
  writer.message(8, (opset) => writeOpset(opset, '', OPSET));
  writer.message(8, (opset) => writeOpset(opset, 'com.microsoft', CONTRIB_VERSION));
  return writer.finish();
}

function writeOpset(writer: ProtobufWriter, domain: string, version: number): void {
  writer.text(1, domain);
  writer.integer(2, version);
}

function writeGraph(writer: ProtobufWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) writer.message(1, (message) => writeNode(message, node));
  writer.text(2, graph.name);
  for (const initializer of graph.initializers) writer.message(5, (message) => writeInitializer(message, initializer));
  for (const input of graph.inputs) writer.message(11, (message) => writeValueInfo(message, input));
  for (const output of graph.outputs) writer.message(12, (message) => writeValueInfo(message, output));
}

function writeNode(writer: ProtobufWriter, node: OnnxNode): void {
  for (const input of withoutTrailingBlanks(node.inputs)) writer.text(1, input);
  for (const output of withoutTrailingBlanks(node.outputs)) writer.text(2, output);
  writer.text(3, node.name);
  writer.text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.message(5, (message) => writeAttribute(message, name, attribute));
  }
  writer.text(7, node.domain);
}

function withoutTrailingBlanks(names: readonly string[]): readonly string[] {
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

/** The type (field 20) must be set: runtimes reject an attribute without it. */
function writeAttribute(writer: ProtobufWriter, name: string, attribute: Attribute): void {
  writer.text(1, name);
  switch (attribute.kind) {
    case 'float':
      writer.float(2, attribute.value);
      writer.integer(20, 1);
      break;
    case 'integer':
      writer.integer(3, attribute.value);
      writer.integer(20, 2);
      break;
    case 'text':
      writer.text(4, attribute.value);
      writer.integer(20, 3);
      break;
    case 'integers':
      writer.packedIntegers(8, attribute.value);
      writer.integer(20, 7);
      break;
    case 'graph':
      writer.message(6, (message) => writeGraph(message, attribute.value));
      writer.integer(20, 5);
      break;
  }
}

function writeInitializer(writer: ProtobufWriter, initializer: OnnxInitializer): void {
  writer.packedIntegers(1, initializer.dims);
  writer.integer(2, dataTypes[initializer.dtype]);
  writer.text(8, initializer.name);
  if ('bytes' in initializer.content) {
    writer.bytes(9, initializer.content.bytes);
    return;
  }
  const { file, offset, length } = initializer.content.external;
  for (const [key, value] of [
    ['location', file],
    ['offset', String(offset)],
    ['length', String(length)],
  ] as const) {
    writer.message(13, (entry) => {
      entry.text(1, key);
      entry.text(2, value);
    });
  }
  writer.integer(14, 1);
}

function writeValueInfo(writer: ProtobufWriter, info: OnnxValueInfo): void {
  writer.text(1, info.name);
  writer.message(2, (type) => {
    if (info.kind === 'tensor') type.message(1, (tensor) => writeTensorType(tensor, info));
    else
      type.message(4, (sequence) =>
        sequence.message(1, (element) => element.message(1, (t) => writeTensorType(t, info))),
      );
  });
}

/** A sequence's tensors have no shape field at all: a shape without dimensions would mean a scalar. */
function writeTensorType(writer: ProtobufWriter, info: OnnxValueInfo): void {
  writer.integer(1, dataTypes[info.dtype]);
  if (info.kind === 'sequence') return;
  writer.message(2, (shape) => {
    for (const dim of info.shape) {
      shape.message(1, (dimension) => {
        if (typeof dim === 'number') dimension.integer(1, dim);
        else dimension.text(2, dim);
      });
    }
  });
}
