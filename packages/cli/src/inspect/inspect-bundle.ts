import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, type BundleManifest } from 'ovis/node';
import type { BundleInspection, InspectedFile } from './inspection.ts';

/** Reads the manifest and looks for the files it names; hashes are compared when a model is loaded. */
export async function inspectBundle(folder: string): Promise<BundleInspection> {
  const { source, model, device, files, unusedTensors, warnings, dtypes, parameters } = await readManifest(folder);
  const part = (name: keyof typeof parameters) => ({ parameters: parameters[name], dtype: dtypes[name] });
  return {
    kind: 'bundle',
    path: folder,
    name: model.name,
    generation: model.generation,
    modelType: source.modelType,
    architecture: source.architecture,
    converter: source.converter,
    device,
    parameters: Object.values(parameters).reduce((sum, count) => sum + count, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    parts: {
      decoder: part('decoder'),
      lmHead: part('lmHead'),
      vit: part('vit'),
      visualHead: part('visualHead'),
      visualTable: part('visualTable'),
      textTable: part('textTable'),
    },
    model,
    quantisation: source.quantisation ?? null,
    files: await Promise.all(files.map((file) => inspectFile(folder, file))),
    unusedTensors,
    warnings,
  };
}

async function inspectFile(folder: string, file: BundleManifest['files'][number]): Promise<InspectedFile> {
  const found = await stat(join(folder, file.path)).catch(() => null);
  if (found === null || !found.isFile()) return { ...file, state: 'missing' };
  return { ...file, state: found.size === file.bytes ? 'present' : 'other size' };
}
