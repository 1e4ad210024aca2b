import { InvalidArgumentError } from '@ovis/core';

/** Devices that a browser has: its graphics adapter, or its processor through WebAssembly. */
export type WebDevice = 'webgpu' | 'wasm';

/** What is known about a bundle before its graphs are opened; `auto` decides by it. */
export type BundleTraits = {
  /** Device that its graphs are laid out for. */
  readonly layout: 'cpu' | 'webgpu';
  /** Whether its graphs hold half-precision numbers, which an adapter needs `shader-f16` for. */
  readonly halfPrecision: boolean;
  /** Bytes of the weights. */
  readonly weightBytes: number;
};

/** How to open the backend. */
export type WebBackendOptions = {
  /**
   * Where graphs run. `auto` chooses by the adapter and the bundle, and says why; `webgpu` fails where the browser
   * cannot do it and never falls back. Default: `auto`.
   */
  readonly device?: 'auto' | WebDevice;
  /**
   * Threads of WebAssembly, 1 to 64. More than one need cross-origin isolation, and the first backend of a page or
   * worker decides for all. Default: the cores up to 4, half of them beyond, at most 8; 1 without isolation or on WebGPU.
   */
  readonly threads?: number;
  /**
   * Folder with the `ort-wasm-simd-threaded*.wasm` files of onnxruntime-web, which must be of its version. Default:
   * beside its code, where bundlers put them.
   */
  readonly runtimeFiles?: string | URL;
  /** What is known about the bundle. Default: nothing; `auto` then takes WebGPU where it works. */
  readonly bundle?: BundleTraits;
  /** Ends the opening; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
};

/** Options with defaults applied. */
export type ResolvedWebBackendOptions = {
  readonly device: 'auto' | WebDevice;
  /** Null: by the device. */
  readonly threads: number | null;
  /** A URL that ends in `/`, or null. */
  readonly runtimeFiles: string | null;
  readonly bundle: BundleTraits | null;
};

const devices: ReadonlySet<unknown> = new Set(['auto', 'webgpu', 'wasm']);
const MOST_THREADS = 64;

/** @throws InvalidArgumentError when an option is out of range. */
export function resolveWebBackendOptions(options: WebBackendOptions): ResolvedWebBackendOptions {
  const { device = 'auto', threads = null, runtimeFiles = null, bundle = null } = options;
  if (!devices.has(device)) {
    throw new InvalidArgumentError(`device is ${JSON.stringify(device)}; expected auto, webgpu or wasm.`);
  }
  if (threads !== null && (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)) {
    throw new InvalidArgumentError(`threads is ${String(threads)}; expected an integer from 1 to ${MOST_THREADS}.`);
  }
  return { device, threads, runtimeFiles: runtimeFiles === null ? null : folderUrl(runtimeFiles), bundle };
}

function folderUrl(folder: string | URL): string {
  try {
    const url = new URL(folder, self.location.href);
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url.href;
  } catch (cause) {
    throw new InvalidArgumentError(`runtimeFiles is ${JSON.stringify(folder)}, which is no URL of a folder.`, {
      cause,
    });
  }
}
