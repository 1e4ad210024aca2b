import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deviceReport, type DeviceReport } from './device-report.ts';
import type { Finding } from './diagnosis-types.ts';

/** How a device is tried. */
export type DeviceTrial = {
  /** Whether something that was asked for needs it. */
  readonly needed: boolean;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Milliseconds after which a driver is taken to hang. */
const PATIENCE = 60_000;

/** Whether a device can be used, with the precise reason where it cannot; of the processor, what its probes found. */
export async function diagnoseDevice(device: 'cpu' | 'webgpu' | 'cuda', trial: DeviceTrial): Promise<Finding> {
  const report = await tryDevice(device, trial);
  if (!report.available) {
    return {
      area: device,
      state: trial.needed ? 'bad' : 'note',
      text: report.reason,
      more: [],
      details: { available: false, reason: report.reason },
    };
  }
  const { info, integerProducts } = report;
  const threads = info.threads === undefined ? '' : `, ${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`;
  return {
    area: device,
    state: 'good',
    text: `${info.runtime}${threads}`,
    // The first two say what was asked for.
    more: info.reasons.slice(2),
    details: { available: true, ...info, integerProducts },
  };
}

async function tryDevice(device: 'cpu' | 'webgpu' | 'cuda', { threads, signal }: DeviceTrial): Promise<DeviceReport> {
  const script = new URL('./probe-device.js', import.meta.url);
  // Bundled into one file, or run from sources: it is tried in this process.
  if (!existsSync(script)) return deviceReport(device, threads, signal);
  const args = [fileURLToPath(script), device, ...(threads === undefined ? [] : [String(threads)])];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { signal, timeout: PATIENCE });
    return JSON.parse(stdout) as DeviceReport;
  } catch (error) {
    signal?.throwIfAborted();
    return { available: false, reason: `Device ${device} cannot start: ${endOf(error)}` };
  }
}

function endOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed === true) return `its driver did not answer within ${PATIENCE / 1000} seconds.`;
  if ('signal' in error && typeof error.signal === 'string') return `its driver ended the process (${error.signal}).`;
  return error.message;
}
