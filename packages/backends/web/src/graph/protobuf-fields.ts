/** One field of a protobuf message. */
export type ProtobufField = {
  readonly number: number;
  /** A number, or the bytes of a text, message or packed list; null for fields of fixed width. */
  readonly value: number | Uint8Array | null;
  /** The whole field as it is written, number and length included. */
  readonly raw: Uint8Array;
};

/**
 * The fields of a protobuf message, in order. Numbers beyond 2^53 come out rounded.
 *
 * @throws RangeError when the bytes are no message.
 */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let power = 1; ; power *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || power > 2 ** 63) throw new RangeError('The message ends inside a number.');
      value += (byte & 0x7f) * power;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new RangeError('The message ends inside a field.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const read = (kind: number): number | Uint8Array | null => {
    switch (kind) {
      case 0:
        return varint();
      case 1:
        take(8);
        return null;
      case 2:
        return take(varint());
      case 5:
        take(4);
        return null;
      default:
        throw new RangeError(`The message has a field of unknown kind ${kind}.`);
    }
  };
  while (at < bytes.length) {
    const start = at;
    const tag = varint();
    const value = read(tag % 8);
    yield { number: Math.floor(tag / 8), value, raw: bytes.subarray(start, at) };
  }
}

/** A field that holds bytes or a message, as it is written. */
export function protobufBytes(number: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joined([Uint8Array.from([...varintBytes(number * 8 + 2), ...varintBytes(length)]), ...parts]);
}

/** Pieces of bytes, end to end. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function varintBytes(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varintBytes(Math.floor(value / 128))];
}
