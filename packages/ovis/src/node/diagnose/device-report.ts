import { openNodeBackend } from '@ovis/backend-node';
import { asyncDispose, BackendUnavailableError, type DeviceInfo, type IntegerProducts } from '@ovis/core';

/** What trying a device gave. */
export type DeviceReport =
  | { readonly available: true; readonly info: DeviceInfo; readonly integerProducts: IntegerProducts }
  | { readonly available: false; readonly reason: string };

/** Starts the runtime on a device and ends it again. */
export async function deviceReport(
  device: 'cpu' | 'webgpu' | 'cuda',
  threads: number | undefined,
  signal?: AbortSignal,
): Promise<DeviceReport> {
  try {
    const backend = await openNodeBackend({ device, ...(threads === undefined ? {} : { threads }), signal });
    const { device: info, integerProducts } = backend;
    await backend[asyncDispose]();
    return { available: true, info, integerProducts };
  } catch (error) {
    if (!BackendUnavailableError.isInstance(error)) throw error;
    return { available: false, reason: error.message };
  }
}
