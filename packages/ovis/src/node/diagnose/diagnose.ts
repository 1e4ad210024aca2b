import type { Diagnosis, DiagnoseOptions, Finding } from './diagnosis-types.ts';
import { diagnoseCache } from './diagnose-cache.ts';
import { diagnoseDevice } from './diagnose-device.ts';
import { diagnoseMemory } from './diagnose-memory.ts';
import { diagnoseModel } from './diagnose-model.ts';
import { diagnoseNode } from './diagnose-node.ts';
import { diagnosePictures } from './diagnose-pictures.ts';
import { diagnoseProcessor } from './diagnose-processor.ts';

/**
 * Looks at what a model needs to run here: Node, the two native libraries, the processor and what its probes
 * found, other devices with the reason where there is none, the cache folder, memory; and of a given model its
 * manifest, hashes, and a run. What does not work is a finding, not an error.
 *
 * @throws `signal.reason` when aborted; InvalidArgumentError when an option is out of range.
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const { model = null, device = 'cpu', threads, cacheFolder, onProgress, signal } = options;
  const machine: readonly (() => Finding | Promise<Finding>)[] = [
    () => diagnoseNode(process.versions.node),
    () => diagnosePictures(),
    () => diagnoseProcessor(),
    ...(['cpu', 'webgpu', 'cuda'] as const).map(
      (kind) => () => diagnoseDevice(kind, { needed: kind === device || kind === 'cpu', threads, signal }),
    ),
    () => diagnoseCache(cacheFolder),
    () => diagnoseMemory(),
  ];
  const findings: Finding[] = [];
  for (const [done, look] of machine.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'examine', item: 'machine', done, total: machine.length });
    findings.push(await look());
  }
  onProgress?.({ phase: 'examine', item: 'machine', done: machine.length, total: machine.length });
  if (model !== null) {
    const usable = findings.every(({ state }) => state !== 'bad');
    findings.push(...(await diagnoseModel(model, { device, threads, cacheFolder, usable, onProgress, signal })));
  }
  return { works: findings.every(({ state }) => state !== 'bad'), findings };
}
