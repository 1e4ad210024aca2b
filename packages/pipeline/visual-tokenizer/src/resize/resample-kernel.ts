import { resampleModule } from './resample-module.ts';

/** The two passes of a resize in WebAssembly, see assembly/resample.ts, and the memory they work in. */
export type ResampleKernel = {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  resampleRows(
    source: number,
    sourceStride: number,
    rows: number,
    target: number,
    targetStride: number,
    width: number,
    first: number,
    count: number,
    weights: number,
    weightStride: number,
  ): void;
  resampleColumns(source: number, stride: number, count: number, weights: number, target: number, bytes: number): void;
};

const PAGE = 65_536;

/** Kernels that no resize is using, at most {@link MAX_IDLE}. */
const idle: ResampleKernel[] = [];
const MAX_IDLE = 2;

/** Compiled at the first use; null where that is impossible. */
let compiled: object | null | undefined;

/**
 * A kernel for one resize alone, with at least `bytes` of memory, or null where there is no WebAssembly with vectors:
 * in old engines, and on pages whose policy forbids it (`script-src` without `'wasm-unsafe-eval'`).
 */
export function takeKernel(bytes: number): ResampleKernel | null {
  const kernel = idle.pop() ?? newKernel();
  if (kernel === null) return null;
  const missing = bytes - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE));
  return kernel;
}

/** Puts a kernel back for the next resize. */
export function giveBackKernel(kernel: ResampleKernel): void {
  if (idle.length < MAX_IDLE) idle.push(kernel);
}

function newKernel(): ResampleKernel | null {
  if (compiled === undefined) compiled = compile();
  return compiled === null ? null : new WebAssembly.Instance(compiled).exports;
}

function compile(): object | null {
  if (typeof WebAssembly === 'undefined') return null;
  const bytes = Uint8Array.from(atob(resampleModule), (character) => character.charCodeAt(0));
  try {
    // So small a module may be compiled at once on every thread.
    return new WebAssembly.Module(bytes);
  } catch {
    return null;
  }
}

/** The part of the language's own library that this file needs; TypeScript only knows it together with the DOM. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: ResampleKernel };
};
