import type { RawImage } from '@ovis/core';

/** A picture that can be posted to a worker. */
export type TransferredImage =
  /** What a worker reads as it is. */
  | { readonly kind: 'source'; readonly source: string | Uint8Array | Blob | RawImage }
  /** An address; a `URL` object itself cannot be posted. */
  | { readonly kind: 'url'; readonly href: string }
  /** Pixels that a worker reads through a canvas, and closes. */
  | { readonly kind: 'drawing'; readonly drawing: ImageBitmap | VideoFrame };
