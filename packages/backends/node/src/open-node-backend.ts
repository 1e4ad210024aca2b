import type { Backend, DeviceInfo } from '@ovis/core';
import { cpus } from 'node:os';
import { NodeBackend } from './node-backend.ts';
import { resolveNodeBackendOptions, type NodeBackendOptions } from './node-backend-options.ts';
import type { Findings, StartOptions } from './protocol.ts';
import { startClient } from './start-client.ts';
import { Workers } from './workers.ts';

/**
 * Opens ONNX Runtime in threads of its own, which own all graphs and states of this backend. Whoever opens it disposes it.
 *
 * @throws InvalidArgumentError when an option is out of range.
 * @throws BackendUnavailableError when onnxruntime-node or the device is not there; the message says what to do.
 */
export async function openNodeBackend(options: NodeBackendOptions = {}): Promise<Backend> {
  const { signal } = options;
  const { start, reasons } = resolveNodeBackendOptions(options);
  signal?.throwIfAborted();
  // Before the native library loads. Here and not in the worker: a worker's process.env is only a copy.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  const { client, findings } = await startClient({ ...start, known: null });
  const workers = new Workers({ ...start, known: findings }, client);
  try {
    signal?.throwIfAborted();
    return new NodeBackend(workers, describeDevice(start, findings, reasons), findings.integerProducts);
  } catch (error) {
    await workers.close();
    throw error;
  }
}

function describeDevice(start: StartOptions, findings: Findings, reasons: readonly string[]): DeviceInfo {
  const processor = start.device === 'cpu' ? cpus()[0]?.model.trim() : undefined;
  return {
    kind: start.device,
    runtime: `onnxruntime-node ${findings.version}`,
    ...(processor === undefined || processor === '' ? {} : { adapter: processor }),
    ...(start.device === 'cpu' ? { threads: start.threads } : {}),
    reasons: [
      ...reasons,
      stateReason(start, findings),
      ...(findings.attentionOnCpu
        ? ['attention runs on the CPU: this adapter computed it wrongly (its subgroups are too small)']
        : []),
      findings.integerProducts === 'wide'
        ? 'products of 8-bit numbers are exact: this processor passed the probe'
        : 'products of 8-bit numbers saturate on this processor: matrices are read as unsigned bytes',
    ],
  };
}

function stateReason({ device, stateUpdates }: StartOptions, { states }: Findings): string {
  if (states === 'in-place') return 'keys and values are appended in place: this runtime passed the probe';
  if (states === 'on-device') return 'keys and values stay on the device';
  const copied = 'keys and values are copied after each run';
  if (stateUpdates === 'copy') return `${copied}: asked for`;
  return `${copied}: ${device === 'cpu' ? 'this runtime did not pass the probe' : 'the binding cannot keep them on the device'}`;
}
