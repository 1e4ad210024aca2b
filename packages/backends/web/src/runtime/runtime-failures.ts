import { BackendUnavailableError, ModelFileError, OvisError, RuntimeFailureError } from '@ovis/core';
import type { WebDevice } from '../web-backend-options.ts';

/** What a failed run means. Errors of ours pass through. */
export function runFailure(error: unknown): OvisError {
  if (OvisError.isInstance(error)) return error;
  return (
    outOfMemory(error) ??
    new RuntimeFailureError(`ONNX Runtime failed to run the graph: ${messageOf(error)}.`, { cause: error })
  );
}

/** What a graph that does not load means. */
export function loadFailure(error: unknown): OvisError {
  if (OvisError.isInstance(error)) return error;
  return (
    outOfMemory(error) ??
    new ModelFileError(`ONNX Runtime cannot load the graph: ${messageOf(error)}. Convert the checkpoint again.`, {
      cause: error,
    })
  );
}

/** What a runtime or device that does not start means. */
export function startFailure(error: unknown, device: WebDevice, file: string): OvisError {
  if (OvisError.isInstance(error)) return error;
  return new BackendUnavailableError(
    `ONNX Runtime cannot start on ${device}: ${messageOf(error)}. It needs its file ${file}, of the same version, beside ` +
      'its code or in the folder named by runtimeFiles, served as application/wasm; under a content security policy ' +
      "also script-src 'wasm-unsafe-eval'.",
    { cause: error, details: { device, file } },
  );
}

/** What a lost device means: the browser took it away, or its driver crashed. */
export function deviceLost(reason: string): RuntimeFailureError {
  return new RuntimeFailureError(
    `The graphics device was lost (${reason}). Dispose this model and load it again; what was generated so far stays valid.`,
    { details: { deviceLost: true } },
  );
}

/** How WebAssembly, V8, SpiderMonkey, JavaScriptCore and Dawn say that there is no memory left. */
const noMemory =
  /bad_alloc|failed to allocate|out of memory|\bOOM\b|could not allocate|cannot enlarge memory|allocation failed|memory allocation/i;

function outOfMemory(error: unknown): RuntimeFailureError | null {
  const message = messageOf(error);
  if (!(error instanceof RangeError) && !noMemory.test(message)) return null;
  return new RuntimeFailureError(
    `Not enough memory: ${message}. WebAssembly holds at most 4 GiB, a phone often less. Use a bundle with smaller ` +
      'weights, a shorter prompt or smaller pictures, and load the model again.',
    { cause: error, details: { outOfMemory: true } },
  );
}

function messageOf(error: unknown): string {
  // Emscripten throws bare numbers (addresses of C++ exceptions) where a build has no exception support.
  if (typeof error === 'number') return `exception ${error} inside WebAssembly`;
  const message = (error instanceof Error ? error.message : String(error)).trim();
  return message.replace(/^.*\/onnxruntime_src\/.* was false\. /su, '').replace(/\.$/u, '');
}
