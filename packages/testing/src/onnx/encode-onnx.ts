import type { DataType, Dim } from '@ovis/core';

/** A node of a test graph. Attributes are integers, or graphs that the node runs itself. */
export type TestNode = {
  readonly operator: string;
  /** Default: '' (ONNX itself). */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly integers?: Readonly<Record<string, number>>;
  /** Graphs inside; they see the values around them. */
  readonly bodies?: Readonly<Record<string, Pick<TestModel, 'nodes' | 'outputs'>>>;
};

/** An input or output of a test graph; `sequence` is a list of tensors. */
export type TestValue = {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly Dim[] | 'sequence';
};

/** A constant of a test graph: float32 or int64 numbers, or where they lie outside. */
export type TestConstant = {
  readonly name: string;
  readonly dtype: 'float32' | 'int64';
  readonly dims: readonly number[];
} & (
  | { readonly values: readonly number[] }
  | { readonly external: { readonly location: string; readonly length: number } }
);

/** A test graph, readable. */
export type TestModel = {
  readonly nodes: readonly TestNode[];
  readonly constants?: readonly TestConstant[];
  readonly inputs: readonly TestValue[];
  readonly outputs: readonly TestValue[];
};

const elementTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** The `.onnx` bytes of a small graph (IR 10, opset 21); field numbers are those of onnx.proto3. */
export function encodeOnnx(model: TestModel): Uint8Array {
  const graph = [
    ...model.nodes.map((node, index) => message(1, nodeFields(node, index))),
    text(2, 'test'),
    ...(model.constants ?? []).map((constant) => message(5, constantFields(constant))),
    ...model.inputs.map((value) => message(11, valueFields(value))),
    ...model.outputs.map((value) => message(12, valueFields(value))),
  ];
  return Uint8Array.from(
    [
      integer(1, 10),
      message(7, graph),
      message(8, [text(1, ''), integer(2, 21)]),
      message(8, [text(1, 'com.microsoft'), integer(2, 1)]),
    ].flat(),
  );
}

function nodeFields(node: TestNode, index: number): number[][] {
  return [
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(3, `${node.operator}_${index}`),
    text(4, node.operator),
    ...Object.entries(node.integers ?? {}).map(([name, value]) =>
      message(5, [text(1, name), integer(3, value), integer(20, 2)]),
    ),
    ...Object.entries(node.bodies ?? {}).map(([name, { nodes, outputs }]) =>
      message(5, [
        text(1, name),
        message(6, [
          ...nodes.map((inner, place) => message(1, nodeFields(inner, place))),
          text(2, name),
          ...outputs.map((value) => message(12, valueFields(value))),
        ]),
        integer(20, 5),
      ]),
    ),
    text(7, node.domain ?? ''),
  ];
}

function constantFields(constant: TestConstant): number[][] {
  const { name, dtype, dims } = constant;
  const fields = [...dims.map((dim) => integer(1, dim)), integer(2, elementTypes[dtype]), text(8, name)];
  if ('external' in constant) {
    const { location, length } = constant.external;
    const entry = (key: string, value: string) => message(13, [text(1, key), text(2, value)]);
    return [...fields, entry('location', location), entry('length', String(length)), integer(14, 1)];
  }
  const data = dtype === 'float32' ? Float32Array.from(constant.values) : BigInt64Array.from(constant.values, BigInt);
  return [...fields, bytes(9, [...new Uint8Array(data.buffer)])];
}

function valueFields({ name, dtype, shape }: TestValue): number[][] {
  if (shape === 'sequence') {
    const element = message(1, [integer(1, elementTypes[dtype])]);
    return [text(1, name), message(2, [message(4, [message(1, [element])])])];
  }
  const dims = shape.map((dim) => message(1, [typeof dim === 'number' ? integer(1, dim) : text(2, dim)]));
  return [text(1, name), message(2, [message(1, [integer(1, elementTypes[dtype]), message(2, dims)])])];
}

function message(field: number, fields: readonly number[][]): number[] {
  return bytes(field, fields.flat());
}

function text(field: number, value: string): number[] {
  return bytes(field, [...new TextEncoder().encode(value)]);
}

function bytes(field: number, content: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

function integer(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
