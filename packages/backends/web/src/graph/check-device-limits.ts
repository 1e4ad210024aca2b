import { BackendUnavailableError, type WeightDtype } from '@ovis/core';
import type { GraphWeight, GraphWeights } from './graph-weights.ts';

/** What a graphics device can hold and compute. */
export type DeviceLimits = {
  /** Bytes of the largest buffer. */
  readonly maxBufferSize: number;
  /** Whether it computes in half precision (`shader-f16`). */
  readonly halfPrecision: boolean;
  /** Name of the adapter, for messages. */
  readonly adapter: string;
};

/** Storage by bits of one weight, largest first. */
const storages: readonly (readonly [WeightDtype, number])[] = [
  ['f16', 16],
  ['int8', 8],
  ['int4', 4],
];

/**
 * Checks a graph against a device before the runtime does, whose messages name neither the weight nor a way out.
 *
 * @throws BackendUnavailableError when a weight is larger than a buffer, naming it and the storage that would fit, or when
 *   the graph holds half-precision numbers that the device cannot compute with.
 */
export function checkDeviceLimits({ weights, halfPrecision }: GraphWeights, limits: DeviceLimits): void {
  const { maxBufferSize, adapter } = limits;
  if (halfPrecision && !limits.halfPrecision) {
    throw new BackendUnavailableError(
      `The graph holds half-precision numbers, but the adapter ${adapter} lacks shader-f16. Use a bundle whose parts are ` +
        "stored as f32, int8 or int4, or device 'wasm'.",
      { details: { missingFeature: 'shader-f16' } },
    );
  }
  const [largest] = weights.toSorted((a, b) => b.bytes - a.bytes);
  if (largest === undefined || largest.bytes <= maxBufferSize) return;
  const fitting = storageThatFits(largest, maxBufferSize);
  throw new BackendUnavailableError(
    `The weight ${largest.name} takes ${megabytes(largest.bytes)}, but a buffer of the adapter ${adapter} holds at most ` +
      `${megabytes(maxBufferSize)}. ${wayOut(fitting)}`,
    { details: { weight: largest.name, bytes: largest.bytes, maxBufferSize, fitting } },
  );
}

function storageThatFits({ parameters, bits }: GraphWeight, bytes: number): WeightDtype | null {
  const smaller = storages.find(([, storedBits]) => storedBits < bits && (parameters * storedBits) / 8 <= bytes);
  return smaller?.[0] ?? null;
}

function wayOut(fitting: WeightDtype | null): string {
  return fitting === null
    ? "No storage makes it small enough: use device 'wasm', or a smaller model."
    : `Stored as ${fitting} it would fit: convert the checkpoint with that dtype for this part, or use device 'wasm'.`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
