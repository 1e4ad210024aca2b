import { BackendUnavailableError } from '@ovis/core';
import type { BundleTraits, ResolvedWebBackendOptions } from '../web-backend-options.ts';
import type { GraphicsAdapter } from './graphics-adapter.ts';

/** What was chosen, and why, one short sentence each. */
export type DeviceChoice = { readonly reasons: readonly string[] } & (
  | { readonly device: 'webgpu'; readonly graphics: GraphicsAdapter }
  | { readonly device: 'wasm' }
);

/** What {@link findGraphicsAdapter} found. */
export type FoundAdapter = GraphicsAdapter | { readonly missing: string };

/** WebAssembly addresses 4 GiB, of which activations, keys and values need a part. */
const MOST_WASM_WEIGHTS = 3.25 * 2 ** 30;

/**
 * Chooses where graphs run.
 *
 * @throws BackendUnavailableError when the device that was asked for is not there, or none can hold the weights.
 */
export async function chooseDevice(
  { device, bundle }: Pick<ResolvedWebBackendOptions, 'device' | 'bundle'>,
  findAdapter: () => Promise<FoundAdapter>,
): Promise<DeviceChoice> {
  if (device === 'wasm') {
    assertFitsWasm(bundle, 'device wasm was asked for');
    return { device, reasons: ['device wasm was asked for'] };
  }
  if (device === 'auto' && bundle?.layout === 'cpu' && fitsWasm(bundle)) {
    return { device: 'wasm', reasons: ['the bundle is laid out for processors'] };
  }
  const found = await findAdapter();
  const obstacle = obstacleTo(found, bundle);
  if (device === 'webgpu') {
    if (obstacle !== null || 'missing' in found) throw unavailable(obstacle ?? 'there is no graphics adapter');
    return { device, graphics: found, reasons: ['device webgpu was asked for', ...describe(found)] };
  }
  if (obstacle !== null || 'missing' in found) {
    assertFitsWasm(bundle, obstacle);
    return { device: 'wasm', reasons: [obstacle ?? 'there is no graphics adapter'] };
  }
  if (found.emulated && fitsWasm(bundle)) {
    return {
      device: 'wasm',
      reasons: [`the adapter ${found.name} is played by the processor, which WebAssembly uses better`],
    };
  }
  return { device: 'webgpu', graphics: found, reasons: describe(found) };
}

/** Why graphs cannot run on what was found, or null. */
function obstacleTo(found: FoundAdapter, bundle: BundleTraits | null): string | null {
  if ('missing' in found) return found.missing;
  if (bundle?.halfPrecision === true && !found.halfPrecision) {
    return `the adapter ${found.name} lacks shader-f16, which the half-precision numbers of this bundle need`;
  }
  return null;
}

function describe({ adapter, halfPrecision, emulated }: GraphicsAdapter): string[] {
  const gibibytes = (adapter.limits.maxBufferSize / 2 ** 30).toFixed(2);
  return [
    `a buffer holds ${gibibytes} GiB`,
    `the adapter has ${halfPrecision ? '' : 'no '}shader-f16`,
    ...(emulated ? ['it is played by the processor: slow'] : []),
  ];
}

function fitsWasm(bundle: BundleTraits | null): boolean {
  return bundle === null || bundle.weightBytes <= MOST_WASM_WEIGHTS;
}

function assertFitsWasm(bundle: BundleTraits | null, reason: string | null): void {
  if (bundle === null || fitsWasm(bundle)) return;
  throw new BackendUnavailableError(
    `The weights take ${(bundle.weightBytes / 2 ** 30).toFixed(1)} GiB, more than WebAssembly holds beside its work ` +
      `(${reason ?? 'there is no graphics adapter'}). Convert with int4, or use a browser with WebGPU.`,
    { details: { weightBytes: bundle.weightBytes } },
  );
}

function unavailable(obstacle: string): BackendUnavailableError {
  return new BackendUnavailableError(`WebGPU cannot be used: ${obstacle}. Use device 'wasm' or 'auto'.`, {
    details: { device: 'webgpu', obstacle },
  });
}
