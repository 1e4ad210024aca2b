import { BackendUnavailableError, type OvisError } from '@ovis/core';
import { deviceLost } from '../runtime/runtime-failures.ts';
import { requestDevice, type GraphicsAdapter } from './graphics-adapter.ts';

/** A graphics device of ours, which knows when it is lost. */
export class GraphicsDevice {
  readonly device: GPUDevice;
  readonly adapter: GraphicsAdapter;
  /** Why the device is gone; stays null when we give it up ourselves. */
  #loss: OvisError | null = null;
  /** What fails at once when the device is lost. */
  readonly #running = new Set<(loss: OvisError) => void>();
  #closed = false;

  private constructor(device: GPUDevice, adapter: GraphicsAdapter) {
    this.device = device;
    this.adapter = adapter;
    void device.lost.then(({ reason, message }) => {
      if (this.#closed) return;
      const loss = deviceLost(message === '' ? reason : message);
      this.#loss = loss;
      for (const fail of this.#running) fail(loss);
      this.#running.clear();
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

  /**
   * Does work on the device. Not with `Promise.race`: the promise of the loss, which lives as long as the device, would
   * hold the results of all runs.
   *
   * @throws RuntimeFailureError as soon as the device is lost; whatever `work` throws.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#loss !== null) throw this.#loss;
    const working = work();
    return new Promise<T>((resolve, reject) => {
      this.#running.add(reject);
      void working
        // What the runtime says of a lost device is only a consequence.
        .then(resolve, (error: unknown) => reject(this.#loss ?? error))
        .finally(() => this.#running.delete(reject));
    });
  }

  /** Gives the device and all its memory back. */
  close(): void {
    this.#closed = true;
    this.device.destroy();
  }
}
