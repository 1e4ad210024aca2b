/** Varints of one byte: most tags and lengths, of which a large graph has millions. */
const oneByte = Array.from({ length: 128 }, (_, value) => Uint8Array.of(value));

const encoder = new TextEncoder();

/** Writes fields of a protobuf message in the order they are given; proto3 wire format, nothing else. */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** A varint field; `value` is an integer, negative ones take ten bytes as protobuf wants. */
  integer(field: number, value: number | bigint): void {
    this.#tag(field, 0);
    this.#varint(unsigned(value));
  }

  /** A 32-bit float field. */
  float(field: number, value: number): void {
    this.#tag(field, 5);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#push(bytes);
  }

  /** A string field, UTF-8. */
  text(field: number, value: string): void {
    this.bytes(field, encoder.encode(value));
  }

  /** A field of raw bytes (kept by reference until {@link finish}). */
  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#push(value);
  }

  /** A nested message. */
  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter();
    write(inner);
    this.bytes(field, inner.finish());
  }

  /** A packed repeated varint field. */
  packedIntegers(field: number, values: readonly (number | bigint)[]): void {
    const inner = new ProtobufWriter();
    for (const value of values) inner.#varint(unsigned(value));
    this.bytes(field, inner.finish());
  }

  /** Everything written so far, in one array. */
  finish(): Uint8Array {
    const result = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      result.set(chunk, offset);
      offset += chunk.length;
    }
    return result;
  }

  #tag(field: number, wireType: 0 | 2 | 5): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number | bigint): void {
    const known = typeof value === 'number' ? oneByte[value] : undefined;
    if (known !== undefined) {
      this.#push(known);
      return;
    }
    const bytes: number[] = [];
    let rest = BigInt(value);
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 0x80);
    } while (rest !== 0n);
    this.#push(Uint8Array.from(bytes));
  }

  #push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }
}

/** Negative numbers as protobuf has them, in 64 bits. */
function unsigned(value: number | bigint): number | bigint {
  return value >= 0 ? value : BigInt.asUintN(64, BigInt(value));
}
