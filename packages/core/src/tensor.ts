/** Element types that cross the boundary between our code and a runtime. */
export type DataType = 'float32' | 'float16' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool';

/** The typed array that holds the elements of each {@link DataType}; float16 travels as its 16-bit words. */
export type DataOf = {
  readonly float32: Float32Array;
  readonly float16: Uint16Array;
  readonly int64: BigInt64Array;
  readonly int32: Int32Array;
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly bool: Uint8Array;
};

/** A dense, row-major array in host memory. `data.length` equals the product of `dims`. */
export type Tensor<T extends DataType = DataType> = {
  [K in T]: { readonly dtype: K; readonly dims: readonly number[]; readonly data: DataOf[K] };
}[T];

/** Bytes one element takes. */
export const bytesPerElement: Readonly<Record<DataType, number>> = {
  float32: 4,
  float16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  int8: 1,
  bool: 1,
};

/** A float32 tensor over `data` (not copied). */
export function float32Tensor(data: Float32Array, dims: readonly number[]): Tensor<'float32'> {
  return { dtype: 'float32', dims, data };
}

/** An int32 tensor of these values; a vector unless `dims` says otherwise. */
export function int32Tensor(values: readonly number[], dims: readonly number[] = [values.length]): Tensor<'int32'> {
  return { dtype: 'int32', dims, data: Int32Array.from(values) };
}

/** An int64 tensor of these values; a vector unless `dims` says otherwise. */
export function int64Tensor(values: readonly number[], dims: readonly number[] = [values.length]): Tensor<'int64'> {
  return { dtype: 'int64', dims, data: BigInt64Array.from(values, BigInt) };
}

/** Whether two shapes are equal. */
export function sameDims(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((dim, axis) => dim === right[axis]);
}

/** Product of the dimensions; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
