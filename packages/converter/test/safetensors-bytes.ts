/** A tensor to be written. */
export type TestTensor = { readonly dtype: string; readonly shape: readonly number[]; readonly data: Uint8Array };

/** A well-formed safetensors file. */
export function safetensorsBytes(tensors: Readonly<Record<string, TestTensor>>): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const header = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) });
  return fileBytes(header, ...Object.values(tensors).map(({ data }) => data));
}

/** Any header, however wrong, and what follows it. */
export function fileBytes(header: string, ...data: readonly Uint8Array[]): Uint8Array {
  const json = new TextEncoder().encode(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  return Buffer.concat([length, json, ...data]);
}

/** A tensor of floats in any float type. */
export function floatTensor(
  dtype: 'F32' | 'F16' | 'BF16' | 'F64',
  shape: readonly number[],
  values: readonly number[],
): TestTensor {
  return { dtype, shape, data: encoded(dtype, values) };
}

function encoded(dtype: 'F32' | 'F16' | 'BF16' | 'F64', values: readonly number[]): Uint8Array {
  if (dtype === 'F64') return new Uint8Array(Float64Array.from(values).buffer);
  const floats = Float32Array.from(values);
  if (dtype === 'F32') return new Uint8Array(floats.buffer);
  const bits = new Uint32Array(floats.buffer);
  // Truncated bfloat16; float16 for numbers that it holds exactly.
  const words = Uint16Array.from(bits, dtype === 'BF16' ? (word) => word >>> 16 : exactFloat16);
  return new Uint8Array(words.buffer);
}

function exactFloat16(bits: number): number {
  return (bits & 0x7fffffff) === 0
    ? bits >>> 16
    : ((bits >>> 16) & 0x8000) | (((bits & 0x7fffffff) - 0x38000000) >>> 13);
}
