/** Devices that graphs are laid out for. `cpu` also means WASM. */
export type TargetDevice = 'cpu' | 'webgpu';

/** What decides how layers are written down: one record per execution provider of ONNX Runtime 1.30. */
export type Capabilities = {
  /**
   * Whether query, key and value are one product. On WebGPU only where they have biases: without, three
   * products let ONNX Runtime fuse them with the norm before.
   */
  readonly packedProjections: 'always' | 'with-bias';
  /**
   * `accuracy_level` of block products: 4 quantises activations to int8 per block. Unset, a CPU is 5 (int4)
   * to 60 (int8) times slower.
   */
  readonly blockAccuracy: 0 | 4;
  /**
   * Whether the first output is a list, no tensor. The Node binding stops there after a run has written all
   * preallocated outputs, so keys and values are appended in place and never copied.
   */
  readonly sequenceMarker: boolean;
  /**
   * Visual tokens whose distributions are computed at once where a view may have any number of them, or null for all. A
   * distribution takes 260 KB, so a picture of 3,000 tokens would need gigabytes. Control flow is left to the devices
   * that are host memory.
   */
  readonly visualTokensAtOnce: number | null;
  /**
   * Experts that are computed: those that some position chose, which takes control flow that a graphics device leaves
   * to the processor, or all.
   */
  readonly experts: 'chosen' | 'all';
  /**
   * Positions from which on a single new one attends by streaming the cache (see `streamedAttention`) instead of by the
   * fused operator; null for never.
   */
  readonly streamedAttentionFrom: number | null;
  /**
   * Whether decoders have a form for WebAssembly (see `DecoderForm`) and one for the native runtime. A graphics device has one
   * for both.
   */
  readonly formPerRuntime: boolean;
};

const records: Readonly<Record<TargetDevice, Capabilities>> = {
  cpu: {
    packedProjections: 'always',
    blockAccuracy: 4,
    sequenceMarker: true,
    visualTokensAtOnce: 128,
    experts: 'chosen',
    streamedAttentionFrom: 1024,
    formPerRuntime: true,
  },
  webgpu: {
    packedProjections: 'with-bias',
    blockAccuracy: 4,
    sequenceMarker: false,
    visualTokensAtOnce: null,
    experts: 'all',
    streamedAttentionFrom: null,
    formPerRuntime: false,
  },
};

/** The record of a device. */
export function capabilitiesOf(device: TargetDevice): Capabilities {
  return records[device];
}
