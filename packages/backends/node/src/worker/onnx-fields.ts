import { ModelFileError } from '@ovis/core';

/** Wire types of protobuf, and how long fields of fixed size are. */
const VARINT = 0;
const BYTES = 2;
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [5, 4],
]);

/**
 * All values of a field that holds text.
 *
 * @throws ModelFileError when the bytes are no protobuf.
 */
export function texts(message: Uint8Array, field: number): string[] {
  return messages(message, field).map((bytes) => new TextDecoder().decode(bytes));
}

/**
 * All values of a field that holds bytes or a message.
 *
 * @throws ModelFileError when the bytes are no protobuf.
 */
export function messages(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed();
  };
  while (at < bytes.byteLength) {
    const tag = varint();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    if (type === VARINT) varint();
    const length = type === BYTES ? varint() : type === VARINT ? 0 : fixedSizes.get(type);
    if (length === undefined || length > bytes.byteLength - at) throw malformed();
    if (type === BYTES && field === wanted) found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

function malformed(): ModelFileError {
  return new ModelFileError('The graph is no ONNX file: its fields end too early. Convert the checkpoint again.');
}
