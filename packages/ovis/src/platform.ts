import type { Backend, ImageDecoder, ModelFiles } from '@ovis/core';

/** What a platform brings: where graphs run, where the bundle lies, how pictures become pixels. */
export type Platform = {
  /** Borrowed by `Ovis.open` unless it succeeds; then `Ovis` disposes it. */
  readonly backend: Backend;
  readonly files: ModelFiles;
  readonly images: ImageDecoder;
  /** Bytes of a file by its path, where the platform has paths (Node); null elsewhere. */
  readonly readPath: ((path: string, signal?: AbortSignal) => Promise<Uint8Array>) | null;
};
