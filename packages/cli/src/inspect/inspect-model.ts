import { inspectCheckpoint } from '@ovis/converter';
import { findModel } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { writeJson } from '../output/write-json.ts';
import { inspectBundle } from './inspect-bundle.ts';
import { inspectionReport } from './inspection-report.ts';
import type { Inspection } from './inspection.ts';

/** Prints what a model folder holds. */
export async function inspectModel(
  path: string,
  { json = false }: { readonly json?: boolean | undefined },
  io: CliIo,
): Promise<void> {
  const { kind, folder } = await findModel(path);
  const inspection = kind === 'bundle' ? await inspectBundle(folder) : await checkpoint(folder);
  if (json) writeJson(io.stdout, inspection);
  else io.stdout.write(inspectionReport(inspection, io));
}

async function checkpoint(folder: string): Promise<Inspection> {
  const { kind, path, modelType, architecture, model, total, parts, dtypes, files, warnings, quantisation } =
    await inspectCheckpoint(folder);
  const { name, generation } = model;
  const { parameters, bytes, tensors } = total;
  return {
    kind,
    path,
    name,
    generation,
    modelType,
    architecture,
    parameters,
    bytes,
    tensors,
    parts,
    dtypes,
    model,
    quantisation: quantisation && quantisation.description,
    files,
    warnings,
  };
}
