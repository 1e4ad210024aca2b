import {
  bytesPerElement,
  elementCount,
  firstCapacity,
  GraphContractError,
  grownCapacity,
  InvalidArgumentError,
  RuntimeFailureError,
  stateShape,
  type StateSpec,
} from '@ovis/core';
import type { Tensor as RuntimeTensor } from 'onnxruntime-web';
import type { Runtime } from '../runtime/load-runtime.ts';
import type { RuntimeTensors, StateMemory } from './state-memory.ts';
import { generousGrowth } from './growth.ts';

/** Buffer sizes are multiples of this many bytes, the widest that a shader reads at once. */
const ALIGNMENT = 16;

/** Bits of `GPUBufferUsage`. */
const COPY_SRC = 0x04;
const COPY_DST = 0x08;
const STORAGE = 0x80;

/** A state tensor on the device. */
type GpuTensor = { readonly buffer: GPUBuffer; readonly tensor: RuntimeTensor; readonly dims: readonly number[] };

/** What a state needs of its session. */
export type GpuPlace = { readonly runtime: Runtime; readonly device: GPUDevice };

/**
 * State tensors in buffers of the graphics device. Growing ones are input and output of a run at once: attention appends
 * to them in place, so nothing is copied from run to run. Those of fixed size have two buffers, which take turns.
 */
export class GpuState implements StateMemory {
  readonly #place: GpuPlace;
  readonly #specs: readonly StateSpec[];
  #capacity: number;
  readonly #current = new Map<StateSpec, GpuTensor>();
  readonly #spare = new Map<StateSpec, GpuTensor>();

  private constructor(place: GpuPlace, specs: readonly StateSpec[], capacity: number) {
    this.#place = place;
    this.#specs = specs;
    this.#capacity = capacity;
  }

  /** `specs` have numbers everywhere but on the growing axis. */
  static async create(place: GpuPlace, specs: readonly StateSpec[], positions: number): Promise<GpuState> {
    const capacity = firstCapacity(positions, generousGrowth);
    const state = new GpuState(place, specs, capacity);
    await allocating(place, capacity, () => {
      for (const spec of specs) {
        state.#current.set(spec, gpuTensor(place, spec, capacity));
        if (spec.growingAxis === null) state.#spare.set(spec, gpuTensor(place, spec, capacity));
      }
    }).catch((error: unknown) => {
      state.dispose();
      throw error;
    });
    return state;
  }

  get capacity(): number {
    return this.#capacity;
  }

  feeds(): RuntimeTensors {
    return Object.fromEntries(this.#specs.map((spec) => [spec.input, this.#of(this.#current, spec).tensor]));
  }

  fetches(): RuntimeTensors {
    return Object.fromEntries(this.#specs.map((spec) => [spec.output, this.#target(spec).tensor]));
  }

  advance(): void {
    for (const [spec, written] of this.#spare) {
      this.#spare.set(spec, this.#of(this.#current, spec));
      this.#current.set(spec, written);
    }
  }

  async reserve(positions: number, used: number): Promise<void> {
    const capacity = grownCapacity(this.#capacity, positions, used, generousGrowth);
    if (capacity === this.#capacity) return;
    const growing = this.#specs.filter(({ growingAxis }) => growingAxis !== null);
    const larger = new Map<StateSpec, GpuTensor>();
    await allocating(this.#place, capacity, () => {
      for (const spec of growing) larger.set(spec, gpuTensor(this.#place, spec, capacity));
    }).catch((error: unknown) => {
      for (const { buffer } of larger.values()) buffer.destroy();
      throw error;
    });
    const { device } = this.#place;
    const encoder = device.createCommandEncoder();
    for (const [spec, to] of larger) copyPositions(encoder, this.#of(this.#current, spec), to, spec, used);
    device.queue.submit([encoder.finish()]);
    for (const [spec, to] of larger) {
      // What was submitted before still reads it; the browser keeps its memory until then.
      this.#of(this.#current, spec).buffer.destroy();
      this.#current.set(spec, to);
    }
    this.#capacity = capacity;
  }

  dispose(): void {
    for (const { buffer } of [...this.#current.values(), ...this.#spare.values()]) buffer.destroy();
    this.#current.clear();
    this.#spare.clear();
  }

  #target(spec: StateSpec): GpuTensor {
    return this.#of(spec.growingAxis === null ? this.#spare : this.#current, spec);
  }

  #of(tensors: ReadonlyMap<StateSpec, GpuTensor>, spec: StateSpec): GpuTensor {
    const tensor = tensors.get(spec);
    if (tensor === undefined) throw new GraphContractError(`The state has no tensor for input ${spec.input}.`);
    return tensor;
  }
}

function gpuTensor({ runtime, device }: GpuPlace, spec: StateSpec, capacity: number): GpuTensor {
  const { dtype } = spec;
  if (dtype === 'int8') throw new GraphContractError(`State ${spec.input} is int8, which WebGPU cannot hold.`);
  const dims = stateShape(spec, capacity);
  const size = Math.ceil((elementCount(dims) * bytesPerElement[dtype]) / ALIGNMENT) * ALIGNMENT;
  if (size > device.limits.maxBufferSize) {
    throw new InvalidArgumentError(
      `State ${spec.input} of ${capacity} positions takes ${size} bytes; a buffer of this device holds at most ` +
        `${device.limits.maxBufferSize}. Ask for fewer positions.`,
    );
  }
  const buffer = device.createBuffer({ label: spec.input, size, usage: STORAGE | COPY_SRC | COPY_DST });
  return { buffer, dims, tensor: runtime.Tensor.fromGpuBuffer(buffer, { dataType: dtype, dims }) };
}

/** Reports memory that the device does not have, which WebGPU tells only to those who ask. */
async function allocating({ device }: GpuPlace, capacity: number, allocate: () => void): Promise<void> {
  device.pushErrorScope('out-of-memory');
  try {
    allocate();
  } catch (error) {
    await device.popErrorScope();
    throw error;
  }
  const error = await device.popErrorScope();
  if (error === null) return;
  throw new RuntimeFailureError(
    `The graphics device has no memory for keys and values of ${capacity} positions: ${error.message}. Shorten the ` +
      'prompt, or use smaller pictures.',
    { details: { outOfMemory: true } },
  );
}

/** Copies the first `used` entries of the growing axis; the tensors differ only in its length. */
function copyPositions(
  encoder: GPUCommandEncoder,
  from: GpuTensor,
  to: GpuTensor,
  { dtype, growingAxis }: StateSpec,
  used: number,
): void {
  const axis = growingAxis ?? 0;
  const size = bytesPerElement[dtype] * elementCount(from.dims.slice(axis + 1));
  // Copies take multiples of four bytes; a row of half-precision numbers may end between them.
  const length = Math.ceil((used * size) / 4) * 4;
  if (length === 0) return;
  const sourceStride = (from.dims[axis] ?? 0) * size;
  const targetStride = (to.dims[axis] ?? 0) * size;
  for (let row = 0; row < elementCount(from.dims.slice(0, axis)); row++) {
    encoder.copyBufferToBuffer(from.buffer, row * sourceStride, to.buffer, row * targetStride, length);
  }
}
