/** Where graphs run. `wasm` is the CPU of a browser. */
export type DeviceKind = 'cpu' | 'webgpu' | 'cuda' | 'wasm';

/** What a backend chose, and why. */
export type DeviceInfo = {
  readonly kind: DeviceKind;
  /** Name and version of the runtime, for instance `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  /** Name of the processor or adapter, where it is known. */
  readonly adapter?: string;
  /** Threads inside one operator, where the device is a processor. */
  readonly threads?: number;
  /** Why this device and these settings were chosen, one short sentence each. */
  readonly reasons: readonly string[];
};
