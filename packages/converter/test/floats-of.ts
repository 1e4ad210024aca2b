/** Float32 data of a tensor, whoever it comes from. */
export function floatsOf(tensor: { readonly data: unknown } | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('Expected a float32 tensor.');
  return tensor.data;
}
