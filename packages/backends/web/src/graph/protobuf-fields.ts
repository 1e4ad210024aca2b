/** One field of a protobuf message: a number, or the bytes of a text, message or packed list. */
export type ProtobufField = { readonly number: number; readonly value: number | Uint8Array };

/**
 * The fields of a protobuf message, in order. Numbers beyond 2^53 come out rounded; fixed-width fields are skipped.
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
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (length > bytes.length - at) throw new RangeError('The message ends inside a field.');
        yield { number, value: bytes.subarray(at, at + length) };
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new RangeError(`The message has a field of unknown kind ${tag % 8}.`);
    }
  }
}
