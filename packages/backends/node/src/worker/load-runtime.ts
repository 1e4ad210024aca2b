import { BackendUnavailableError } from '@ovis/core';
import type * as onnxruntime from 'onnxruntime-node';

/** The module of ONNX Runtime for Node. */
export type Runtime = typeof onnxruntime;

/**
 * Loads ONNX Runtime.
 *
 * @throws BackendUnavailableError when it is not installed or its native library does not load here.
 */
export async function loadRuntime(load: () => Promise<Runtime> = () => import('onnxruntime-node')): Promise<Runtime> {
  try {
    return await load();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isMissing(error) && message.includes('onnxruntime-node')) {
      throw new BackendUnavailableError(
        'onnxruntime-node is not installed. Run: npm install onnxruntime-node --ignore-scripts',
        { cause: error },
      );
    }
    throw new BackendUnavailableError(
      `onnxruntime-node is installed but did not load on ${process.platform} ${process.arch} with Node ` +
        `${process.versions.node}: ${message}. It has libraries for Linux with glibc, macOS on arm64 and Windows; on those, ` +
        'install it again: npm install onnxruntime-node --ignore-scripts',
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
