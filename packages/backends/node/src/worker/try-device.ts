import type { InferenceSession } from 'onnxruntime-node';
import type { Findings, StartOptions } from '../protocol.ts';
import { passesAttentionProbe } from './attention-probe.ts';
import { findIntegerProducts } from './find-integer-products.ts';
import { passesInPlaceProbe } from './in-place-probe.ts';
import type { Runtime } from './load-runtime.ts';
import { branchProbeModel, probeModel } from './probe-model.ts';
import { deviceFailure } from './runtime-failures.ts';

/**
 * Runs the probes' graphs on a device.
 *
 * @param options - Settings of every session.
 * @throws BackendUnavailableError when the device does not start.
 */
export async function tryDevice(
  runtime: Runtime,
  start: StartOptions,
  options: InferenceSession.SessionOptions,
): Promise<Findings> {
  const { device } = start;
  try {
    const probe = await runtime.InferenceSession.create(probeModel, options);
    const states = await stateHandling(runtime, probe, start, options);
    const attentionOnCpu = device === 'webgpu' && !(await passesAttentionProbe(runtime, probe));
    await probe.release();
    const integerProducts = await findIntegerProducts(runtime, options);
    return { version: runtime.env.versions.node ?? 'of unknown version', states, attentionOnCpu, integerProducts };
  } catch (error) {
    throw deviceFailure(error, device);
  }
}

/** On a device states stay there, where the binding can keep them: preallocated outputs it takes on a CPU only. */
async function stateHandling(
  runtime: Runtime,
  probe: InferenceSession,
  { device, stateUpdates }: StartOptions,
  options: InferenceSession.SessionOptions,
): Promise<Findings['states']> {
  if (stateUpdates === 'copy') return 'copied';
  if (device === 'webgpu') return 'on-device';
  if (device !== 'cpu' || !(await passesInPlaceProbe(runtime, probe))) return 'copied';
  const branches = await runtime.InferenceSession.create(branchProbeModel, options);
  const passes = await passesInPlaceProbe(runtime, branches);
  await branches.release();
  return passes ? 'in-place' : 'copied';
}
