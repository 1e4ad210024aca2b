import { type Backend, type DeviceInfo } from '@ovis/core';
import { chooseDevice, type DeviceChoice } from './device/choose-device.ts';
import { findGraphicsAdapter } from './device/graphics-adapter.ts';
import { GraphicsDevice } from './device/graphics-device.ts';
import { chooseThreads } from './device/thread-count.ts';
import { runtimeQueue } from './runtime/in-order.ts';
import { startRuntime } from './runtime/started-runtime.ts';
import { WebBackend } from './web-backend.ts';
import { resolveWebBackendOptions, type WebBackendOptions } from './web-backend-options.ts';

/**
 * Opens ONNX Runtime in this page or worker. A run blocks the thread that it is called on: open it in a worker. Whoever
 * opens it disposes it. A page or worker can use WebAssembly or WebGPU, not one after the other.
 *
 * @throws InvalidArgumentError when an option is out of range.
 * @throws BackendUnavailableError when onnxruntime-web or the device is not there; the message says what to do.
 */
export async function openWebBackend(options: WebBackendOptions = {}): Promise<Backend> {
  const { signal } = options;
  const resolved = resolveWebBackendOptions(options);
  signal?.throwIfAborted();
  const choice = await chooseDevice(resolved, findGraphicsAdapter);
  signal?.throwIfAborted();
  const { hardwareConcurrency: cores } = navigator;
  const supply = { isolated: self.crossOriginIsolated, cores };
  const { threads, reason } = chooseThreads(resolved.threads, choice.device, supply);
  const graphics = choice.device === 'webgpu' ? await GraphicsDevice.open(choice.graphics) : null;
  try {
    const started = await runtimeQueue.run(() =>
      startRuntime({ graphics, threads, runtimeFiles: resolved.runtimeFiles }),
    );
    signal?.throwIfAborted();
    return new WebBackend(started, describeDevice(choice, reason, started.runtime.env.versions.web));
  } catch (error) {
    graphics?.close();
    throw error;
  }
}

function describeDevice(choice: DeviceChoice, threads: string, version: string | undefined): DeviceInfo {
  return {
    kind: choice.device,
    runtime: `onnxruntime-web ${version ?? 'of unknown version'}`,
    ...(choice.device === 'webgpu' ? { adapter: choice.graphics.name } : {}),
    reasons: [...choice.reasons, threads],
  };
}
