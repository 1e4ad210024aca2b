import type { BlockArrays, BlockFormat } from '../weights/block-format.ts';

/** Arrays that travel to a worker and come back, so that none are made per batch. */
export type BatchBuffers = { readonly values: Float32Array<ArrayBuffer>; readonly arrays: BlockArrays };

/** What a worker is sent; it answers in the order of what it was sent. */
export type QuantiseRequest = BatchBuffers & {
  readonly rows: number;
  readonly columns: number;
  readonly format: BlockFormat;
};

/** What a worker sends: that it has started, then an answer to each request. */
export type QuantiseReply =
  | { readonly type: 'ready' }
  | ({ readonly type: 'done'; readonly badRow: number } & BatchBuffers);

/** What is handed over rather than copied. */
export function transferOf({ values, arrays }: BatchBuffers): ArrayBuffer[] {
  const { codes, scales, zeroPoints } = arrays;
  return [values.buffer, codes.buffer, scales.buffer, zeroPoints.buffer];
}
