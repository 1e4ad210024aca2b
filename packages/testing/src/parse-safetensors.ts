/** A tensor of a safetensors file. Floats of any width come as float32, integers as numbers or bigints. */
export type StoredTensor = {
  /** As the file says it: `F32`, `BF16`, `F16`, `I64`, `I32`, `U8` ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array | Int32Array | Uint8Array | Int8Array;
};

/** All tensors of a small safetensors file by name. For fixtures only: it trusts the file. */
export function parseSafetensors(bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const headerText = new TextDecoder().decode(bytes.subarray(8, 8 + headerLength));
  const header = JSON.parse(headerText) as Record<string, HeaderEntry>;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const start = 8 + headerLength + offsets[0];
    // A copy, so that every view is aligned.
    const data = Uint8Array.from(bytes.subarray(start, 8 + headerLength + offsets[1]));
    tensors.set(name, { dtype, shape, data: elements(dtype, data) });
  }
  return tensors;
}

/** Integers of a tensor as numbers. */
export function integersOf(tensor: StoredTensor | undefined): number[] {
  if (tensor === undefined || !(tensor.data instanceof BigInt64Array)) throw new Error('Expected an int64 tensor.');
  return Array.from(tensor.data, Number);
}

type HeaderEntry = {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
};

function elements(dtype: string, { buffer }: Uint8Array<ArrayBuffer>): StoredTensor['data'] {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (word) => word << 16).buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case 'I64':
      return new BigInt64Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'I8':
      return new Int8Array(buffer);
    case 'U8':
    case 'BOOL':
      return new Uint8Array(buffer);
    default:
      throw new Error(`No fixture should hold dtype ${dtype}.`);
  }
}

function halfToFloat(word: number): number {
  const sign = (word & 0x8000) === 0 ? 1 : -1;
  const exponent = (word >> 10) & 0x1f;
  const fraction = word & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
