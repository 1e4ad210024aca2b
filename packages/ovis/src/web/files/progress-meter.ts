import type { FileDescription, OnProgress } from '@ovis/core';

/** Reports come at most this often, in milliseconds, and at the end of a file. */
const INTERVAL = 50;

/** Adds up the bytes of all files of a model and reports them: `download` while they come, `verify` while stored ones are hashed. */
export class ProgressMeter {
  readonly #onProgress: OnProgress | undefined;
  readonly #total: number;
  /** Bytes so far, by hash. */
  readonly #bytes = new Map<string, number>();
  #reportedAt = -Infinity;

  constructor(files: readonly FileDescription[], onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress;
    this.#total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** So many bytes of a file are there. */
  reached(file: FileDescription, bytes: number): void {
    this.#report('download', file, bytes);
  }

  /** So many bytes of a stored file have been looked at. */
  checked(file: FileDescription, bytes: number): void {
    this.#report('verify', file, bytes);
  }

  #report(phase: string, { path, sha256, bytes: all }: FileDescription, bytes: number): void {
    this.#bytes.set(sha256, bytes);
    const now = performance.now();
    if (bytes < all && now - this.#reportedAt < INTERVAL) return;
    this.#reportedAt = now;
    const done = [...this.#bytes.values()].reduce((sum, count) => sum + count, 0);
    this.#onProgress?.({ phase, item: path, done, total: this.#total });
  }
}
