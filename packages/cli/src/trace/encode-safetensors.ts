import type { traceCase } from 'ovis/node';

/** Tensors by name, as tracing gives them. */
export type NamedTensors = Awaited<ReturnType<typeof traceCase>>;

type Tensor = NamedTensors[string];

/** Names of element types in safetensors. */
const dtypes = {
  float32: 'F32',
  float16: 'F16',
  int64: 'I64',
  int32: 'I32',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
} as const satisfies Record<Tensor['dtype'], string>;

const ALIGNMENT = 8;

/**
 * A safetensors file as pieces to be written one after another: header length (8 bytes, little-endian), header
 * (JSON, padded with blanks to a multiple of 8), data. Tensors with wide elements come first, then by name, so
 * each is aligned and the same tensors always give the same bytes.
 */
export function encodeSafetensors(tensors: NamedTensors): readonly Uint8Array[] {
  const ordered = Object.entries(tensors).toSorted(
    ([a, { data: left }], [b, { data: right }]) => right.BYTES_PER_ELEMENT - left.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: [string, { dtype: string; shape: readonly number[]; data_offsets: [number, number] }][] = [];
  let end = 0;
  for (const [name, { dtype, dims, data }] of ordered) {
    const begin = end;
    end += data.byteLength;
    header.push([name, { dtype: dtypes[dtype], shape: dims, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const padded = new Uint8Array(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT).fill(' '.charCodeAt(0));
  padded.set(json);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  return [length, padded, ...ordered.map(([, { data }]) => bytesOf(data))];
}

/** Elements as bytes, without a copy; every platform Node runs our graphs on is little-endian. */
function bytesOf({ buffer, byteOffset, byteLength }: Tensor['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
