import { protobufBytes } from '../src/graph/protobuf-fields.ts';

/** A text field, as it is written. */
export function text(number: number, value: string): Uint8Array {
  return protobufBytes(number, [new TextEncoder().encode(value)]);
}

/** A field of a small number, as it is written. */
export function small(number: number, value: number): Uint8Array {
  return number < 16 ? Uint8Array.of(number * 8, value) : Uint8Array.of(((number * 8) % 128) + 128, number >> 4, value);
}

/** A weight whose data lies outside the file (`TensorProto` as an initializer). */
export function externalWeight(name: string, dataType: number, dims: readonly number[]): Uint8Array {
  return protobufBytes(5, [...dims.map((dim) => small(1, dim)), small(2, dataType), text(8, name), small(14, 1)]);
}

/** A number inside the file. */
export function insideWeight(name: string): Uint8Array {
  return protobufBytes(5, [small(1, 1), small(2, 1), text(8, name), protobufBytes(9, [new Uint8Array(4)])]);
}

/** A node, with attributes of whole numbers and of graphs. */
export function node(
  operator: string,
  inputs: readonly string[],
  integers: Readonly<Record<string, number>> = {},
  bodies: readonly Uint8Array[] = [],
): Uint8Array {
  return protobufBytes(1, [
    ...inputs.map((input) => text(1, input)),
    text(4, operator),
    ...Object.entries(integers).map(([name, value]) => protobufBytes(5, [text(1, name), small(3, value)])),
    ...bodies.map((body) => protobufBytes(5, [text(1, 'body'), protobufBytes(6, [body])])),
  ]);
}
