import { BackendUnavailableError } from '@ovis/core';
import type * as onnxruntime from 'onnxruntime-web';

/** The module of ONNX Runtime for the web. */
export type Runtime = typeof onnxruntime;

/**
 * Builds of ONNX Runtime: `wasm` has no WebGPU; `jspi` suspends WebAssembly by the browser's own means, which is
 * smaller and faster than `webgpu`, where the compiler does it. The package's default import is another, older one with
 * wrong products, and is never used.
 */
export type RuntimeBuild = 'wasm' | 'webgpu' | 'jspi';

/** The `.wasm` file of each build. */
export const runtimeFileOf: Readonly<Record<RuntimeBuild, string>> = {
  wasm: 'ort-wasm-simd-threaded.wasm',
  webgpu: 'ort-wasm-simd-threaded.asyncify.wasm',
  jspi: 'ort-wasm-simd-threaded.jspi.wasm',
};

const imports: Readonly<Record<RuntimeBuild, () => Promise<Runtime>>> = {
  wasm: () => import('onnxruntime-web/wasm'),
  webgpu: () => import('onnxruntime-web/webgpu'),
  jspi: () => import('onnxruntime-web/jspi'),
};

/** The build for a device: two builds never share a page or worker. */
export function runtimeBuildFor(device: 'webgpu' | 'wasm'): RuntimeBuild {
  if (device === 'wasm') return 'wasm';
  return 'Suspending' in WebAssembly ? 'jspi' : 'webgpu';
}

/**
 * Loads the JavaScript of ONNX Runtime; its `.wasm` file follows with the first session.
 *
 * @throws BackendUnavailableError when the package is not installed or cannot be fetched.
 */
export async function loadRuntime(build: RuntimeBuild): Promise<Runtime> {
  try {
    return await imports[build]();
  } catch (cause) {
    throw new BackendUnavailableError(
      `The code of onnxruntime-web/${build} could not be loaded: ${String(cause)}. Run: npm install onnxruntime-web`,
      { cause, details: { build } },
    );
  }
}
