import { BackendUnavailableError, ModelFileError, OvisError, RuntimeFailureError } from '@ovis/core';
import type { NodeDevice } from '../protocol.ts';

/** What a failed run means. Errors of ours pass through. */
export function runFailure(error: unknown): OvisError {
  if (OvisError.isInstance(error)) return error;
  return (
    outOfMemory(error) ??
    new RuntimeFailureError(`ONNX Runtime failed to run the graph: ${messageOf(error)}`, { cause: error })
  );
}

/** What a graph that does not load means. */
export function loadFailure(error: unknown, place: string): OvisError {
  if (OvisError.isInstance(error)) return error;
  const message = `ONNX Runtime cannot load the graph in ${place}: ${messageOf(error)}. Convert the checkpoint again.`;
  return outOfMemory(error) ?? new ModelFileError(message, { cause: error, details: { place } });
}

/** What a device that does not start means. */
export function deviceFailure(error: unknown, device: NodeDevice): OvisError {
  if (OvisError.isInstance(error)) return error;
  return new BackendUnavailableError(`Device ${device} cannot start: ${messageOf(error)}. ${wayOut[device]}`, {
    cause: error,
    details: { device },
  });
}

const wayOut: Readonly<Record<NodeDevice, string>> = {
  cpu: 'Install onnxruntime-node again: npm install onnxruntime-node --ignore-scripts',
  webgpu: "It needs a graphics adapter and its driver (Vulkan on Linux). Use device 'cpu'.",
  cuda:
    'It runs on Linux x64 with CUDA 12 and the libraries that the install script of onnxruntime-node downloads ' +
    "(npm rebuild onnxruntime-node). Use device 'cpu'.",
};

function outOfMemory(error: unknown): RuntimeFailureError | null {
  const message = messageOf(error);
  if (!(error instanceof RangeError) && !/bad_alloc|failed to allocate|out of memory/i.test(message)) return null;
  return new RuntimeFailureError(
    `Not enough memory: ${message}. Use a bundle with smaller weights, a shorter prompt or smaller pictures.`,
    { cause: error },
  );
}

/** Without the place in ONNX Runtime's sources, which says nothing to its users. */
function messageOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  return message.replace(/^\/onnxruntime_src\/.* was false\. /su, '').replace(/\.$/u, '');
}
