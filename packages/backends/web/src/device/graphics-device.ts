import { BackendUnavailableError, type OvisError } from '@ovis/core';
import { deviceLost } from '../runtime/runtime-failures.ts';
import { requestDevice, type GraphicsAdapter } from './graphics-adapter.ts';

/** A graphics device of ours, which knows when it is lost. */
export class GraphicsDevice {
  readonly device: GPUDevice;
  readonly adapter: GraphicsAdapter;
  /** Settles with the error when the device is lost; never when we give it up ourselves. */
  readonly lost: Promise<OvisError>;
  #loss: OvisError | null = null;
  #closed = false;

  private constructor(device: GPUDevice, adapter: GraphicsAdapter) {
    this.device = device;
    this.adapter = adapter;
    this.lost = new Promise((resolve) => {
      void device.lost.then(({ reason, message }) => {
        if (this.#closed) return;
        this.#loss = deviceLost(message === '' ? reason : message);
        resolve(this.#loss);
      });
    });
  }

  /** @throws BackendUnavailableError when the browser refuses a device. */
  static async open(adapter: GraphicsAdapter): Promise<GraphicsDevice> {
    try {
      return new GraphicsDevice(await requestDevice(adapter), adapter);
    } catch (cause) {
      throw new BackendUnavailableError(
        `The adapter ${adapter.name} gives no device: ${String(cause)}. Reload the page, or use device 'wasm'.`,
        { cause, details: { device: 'webgpu' } },
      );
    }
  }

  /** @throws RuntimeFailureError when the device is lost. */
  assertPresent(): void {
    if (this.#loss !== null) throw this.#loss;
  }

  /** The loss of the device where it explains `error`. */
  explain(error: unknown): unknown {
    return this.#loss ?? error;
  }

  /** Gives the device and all its memory back. */
  close(): void {
    this.#closed = true;
    this.device.destroy();
  }
}
