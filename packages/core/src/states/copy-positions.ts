import { bytesPerElement, elementCount, type Tensor } from '../tensor.ts';

/** Copies the first `used` entries of `axis`; the tensors differ only in the length of that axis. */
export function copyPositions(from: Tensor, to: Tensor, axis: number, used: number): void {
  copyEntries(from, to, axis, { count: used, at: 0 });
}

/** Writes all of `from` into `to`, from entry `at` of `axis` on; the tensors differ only in the length of that axis. */
export function writePositions(from: Tensor, to: Tensor, axis: number, at: number): void {
  copyEntries(from, to, axis, { count: from.dims[axis] ?? 0, at });
}

function copyEntries(
  from: Tensor,
  to: Tensor,
  axis: number,
  { count, at }: { readonly count: number; readonly at: number },
): void {
  const size = bytesPerElement[from.dtype] * elementCount(from.dims.slice(axis + 1));
  const source = bytesOf(from);
  const target = bytesOf(to);
  const sourceStride = (from.dims[axis] ?? 0) * size;
  const targetStride = (to.dims[axis] ?? 0) * size;
  for (let row = 0; row < elementCount(from.dims.slice(0, axis)); row++) {
    const entries = source.subarray(row * sourceStride, row * sourceStride + count * size);
    target.set(entries, row * targetStride + at * size);
  }
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
