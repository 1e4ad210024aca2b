import { inspectCheckpoint } from '@ovis/converter';
import { OvisError, type BundleManifest } from '@ovis/core';
import { BundleVerifier } from '../../bundle/verify-files.ts';
import { defaultCacheFolder } from '../bundle-of.ts';
import { benchmarkModel } from '../benchmark-model.ts';
import { FolderFiles } from '../folder-files.ts';
import { findModel, readManifest } from '../model-folder.ts';
import type { DiagnoseOptions, Finding } from './diagnosis-types.ts';
import { gigabytes } from './gigabytes.ts';
import { memoryNeeded } from './memory-needed.ts';

/** How a model is looked at. */
export type ModelTrial = Omit<DiagnoseOptions, 'model'> & {
  readonly device: 'cpu' | 'webgpu' | 'cuda';
  /** Whether the machine could run any model; otherwise the model is not tried. */
  readonly usable: boolean;
};

/** Whether a model can run here: its folder, its files against their hashes, memory, and then a run. */
export async function diagnoseModel(model: string, trial: ModelTrial): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    const { kind, folder } = await findModel(model);
    if (kind === 'checkpoint') return [await checkpointFinding(folder, trial)];
    const manifest = await readManifest(folder);
    findings.push(bundleFinding(manifest), await filesFinding(manifest, folder, trial));
    if (findings.some(({ state }) => state === 'bad')) return findings;
    const memory = memoryFinding(manifest);
    findings.push(memory);
    if (memory.state === 'bad' || !trial.usable) return findings;
    return [...findings, await runFinding(folder, trial)];
  } catch (error) {
    trial.signal?.throwIfAborted();
    if (!OvisError.isInstance(error)) throw error;
    return [...findings, bad('model', error.message, { code: error.code })];
  }
}

function bundleFinding({ model, dtypes, device, files }: BundleManifest): Finding {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return good('model', `${model.name}: a bundle of Ovis ${model.generation}, ${gigabytes(bytes)}, made for ${device}`, {
    kind: 'bundle',
    name: model.name,
    generation: model.generation,
    device,
    dtypes,
    bytes,
  });
}

async function filesFinding(
  manifest: BundleManifest,
  folder: string,
  { onProgress, signal }: ModelTrial,
): Promise<Finding> {
  const verifier = new BundleVerifier(manifest, new FolderFiles(folder), onProgress);
  try {
    await verifier.sizes();
    await verifier.parsed(signal);
    await verifier.numbers(signal);
    const count = manifest.files.length;
    return good('files', `${count} files are what the manifest says (SHA-256)`, { files: count });
  } catch (error) {
    signal?.throwIfAborted();
    if (!OvisError.isInstance(error)) throw error;
    return bad('files', error.message, { code: error.code });
  }
}

function memoryFinding(manifest: BundleManifest): Finding {
  const { bytes, context } = memoryNeeded(manifest);
  const available = process.availableMemory();
  const details = { neededBytes: bytes, context, availableBytes: available };
  const needs = `needs about ${gigabytes(bytes)} for a context of ${context}`;
  return available >= bytes
    ? good('memory', `${needs}; ${gigabytes(available)} are free`, details)
    : bad(
        'memory',
        `${needs}, but ${gigabytes(available)} are free. Close other programs, or convert it with a smaller --dtype.`,
        details,
      );
}

/** Loads the model, shows it a picture, lets it read and write a little. */
async function runFinding(model: string, { device, threads, onProgress, signal }: ModelTrial): Promise<Finding> {
  const plan = { prefill: [], decode: [8], steps: 4, repeat: 1, memoryBandwidth: false } as const;
  const measured = await benchmarkModel(model, { ...plan, device, threads, verify: 'sizes', onProgress, signal });
  const { load, decode, picture, memory } = measured;
  const perSecond = 1000 / (decode[0]?.ms.median ?? Number.NaN);
  const seen = picture === null ? '' : `, sees a picture in ${seconds(picture.visionMs.median)}`;
  return good('run', `loads in ${seconds(load.totalMs)}${seen}, writes ${perSecond.toFixed(1)} tokens/s`, {
    loadMs: load.totalMs,
    visionMs: picture?.visionMs.median ?? null,
    tokensPerSecond: perSecond,
    peakBytes: memory.peakBytes,
  });
}

/** A checkpoint is converted when it is loaded for the first time: what that takes is space. */
async function checkpointFinding(folder: string, { cacheFolder = defaultCacheFolder() }: ModelTrial): Promise<Finding> {
  const { model, total, warnings } = await inspectCheckpoint(folder);
  return {
    ...good(
      'model',
      `${model.name}: a checkpoint of Ovis ${model.generation}, ${gigabytes(total.bytes)}; it is converted into ` +
        `${cacheFolder} when it is loaded first. Convert it (ovis convert) and ask again about the bundle.`,
      { kind: 'checkpoint', name: model.name, generation: model.generation, bytes: total.bytes },
    ),
    more: warnings,
  };
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function good(area: Finding['area'], text: string, details: Finding['details']): Finding {
  return { area, state: 'good', text, more: [], details };
}

function bad(area: Finding['area'], text: string, details: Finding['details']): Finding {
  return { area, state: 'bad', text, more: [], details };
}
