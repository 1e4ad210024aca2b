import type { DataType } from '@ovis/core';

/** Numbers of element types in onnx.proto3. */
const elementTypes: Readonly<Partial<Record<DataType, number>>> = { float32: 1, float16: 10 };

/**
 * A graph that puts `behind` after `tensor` on an axis and calls it `joined`, as ONNX: how tensors grow that
 * never leave their device.
 */
export function concatModel(dtype: DataType, axis: number): Uint8Array {
  const type = elementTypes[dtype];
  if (type === undefined) throw new TypeError(`States of ${dtype} do not grow.`);
  const value = (field: number, name: string) => bytes(field, [...text(1, name), ...bytes(2, bytes(1, [8, type]))]);
  const node = [
    ...text(1, 'tensor'),
    ...text(1, 'behind'),
    ...text(2, 'joined'),
    ...text(4, 'Concat'),
    ...bytes(5, [...text(1, 'axis'), 0x18, axis, 0xa0, 0x01, 2]),
  ];
  const graph = [
    ...bytes(1, node),
    ...text(2, 'concat'),
    ...value(11, 'tensor'),
    ...value(11, 'behind'),
    ...value(12, 'joined'),
  ];
  return Uint8Array.from([8, 10, ...bytes(7, graph), ...bytes(8, [...text(1, ''), 16, 21])]);
}

/** A field of protobuf with up to 16,383 bytes. */
function bytes(field: number, content: readonly number[]): number[] {
  const { length } = content;
  const size = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  return [field * 8 + 2, ...size, ...content];
}

function text(field: number, content: string): number[] {
  return bytes(field, [...new TextEncoder().encode(content)]);
}
