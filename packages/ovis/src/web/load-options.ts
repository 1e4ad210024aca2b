import type { OpenOptions } from '../open-model.ts';

/** Where a page finds a bundle: the address of its folder, a folder that the user opened, or the files in it. */
export type ModelSource = string | URL | FileSystemDirectoryHandle | readonly File[];

/** How a model is loaded in a browser. */
export type LoadOptions = OpenOptions & {
  /**
   * Where graphs run. `auto` takes WebGPU where the bundle is laid out for it and the adapter suffices, else WebAssembly;
   * `ovis.device.reasons` says why. The others never fall back. Default: `auto`.
   */
  readonly device?: 'auto' | 'webgpu' | 'wasm' | undefined;
  /** Threads of WebAssembly, in [1, 64]; more than one need a cross-origin isolated page. Default: by the cores. */
  readonly threads?: number | undefined;
  /**
   * Folder with the `ort-wasm-simd-threaded*.wasm` files of onnxruntime-web, relative to the page. Default: where the
   * bundler put them, or beside the worker.
   */
  readonly runtimeFiles?: string | URL | undefined;
  /**
   * Where a bundle from an address is kept for the next visit: `opfs` (the origin's private files), `cache` (Cache API),
   * `none`, or `auto`, the first of them that the browser has. Default: `auto`.
   */
  readonly storage?: 'auto' | 'opfs' | 'cache' | 'none' | undefined;
  /** Pictures with more pixels are refused. Default: 178,956,970, as in Pillow. */
  readonly maxImagePixels?: number | undefined;
};
