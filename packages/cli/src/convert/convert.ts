import { resolve } from 'node:path';
import { convertCheckpoint, inspectCheckpoint, type ConvertOptions } from '@ovis/converter';
import { findModel, InvalidArgumentError } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { conversionReport } from './conversion-report.ts';
import type { Conversion } from './conversion.ts';

type Dtype = ConvertOptions['dtype'] | undefined;

/** Options of `ovis convert` after parsing. */
export type ConvertCommandOptions = {
  readonly dtype?: Dtype;
  readonly decoderDtype?: Dtype;
  readonly lmHeadDtype?: Dtype;
  readonly vitDtype?: Dtype;
  readonly visualHeadDtype?: Dtype;
  readonly visualTableDtype?: Dtype;
  readonly textTableDtype?: Dtype;
  readonly device?: 'cpu' | 'webgpu' | undefined;
  readonly prefill?: ConvertOptions['prefill'];
  readonly keyValues?: ConvertOptions['keyValues'];
  readonly sensitive?: ConvertOptions['sensitive'];
  readonly intermediates?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** Converts and tells what came out. */
export async function convert(
  checkpoint: string,
  bundle: string,
  options: ConvertCommandOptions,
  io: CliIo,
): Promise<void> {
  const { json = false, quiet = false } = options;
  const began = performance.now();
  const { kind, folder } = await findModel(checkpoint);
  if (kind === 'bundle') {
    throw new InvalidArgumentError(
      `${folder} is a bundle already; its weights were rounded once. Convert the checkpoint it was made from.`,
    );
  }
  await checkTarget(bundle, options);
  const { total, parameters } = await checkpointTotals(folder);
  const progress = await createProgressDisplay(io, quiet || json);
  try {
    const manifest = await convertCheckpoint(folder, bundle, {
      ...convertOptions(options),
      onProgress: progress.report,
      signal: io.signal,
    });
    progress.clear();
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const conversion: Conversion = {
      checkpoint: folder,
      bundle: resolve(bundle),
      checkpointBytes: total,
      bytes,
      ratio: bytes / total,
      seconds: (performance.now() - began) / 1000,
      parameters,
      dtypes: manifest.dtypes,
      device: manifest.device,
      unusedTensors: manifest.unusedTensors,
      warnings: manifest.warnings,
    };
    if (json) writeJson(io.stdout, conversion);
    else io.stdout.write(conversionReport(conversion, bundle, io));
  } finally {
    progress.clear();
  }
}

/** A bundle that is there is told about at once, in the words of this command; the converter checks the rest. */
async function checkTarget(bundle: string, { overwrite = false }: ConvertCommandOptions): Promise<void> {
  if (overwrite) return;
  const target = await findModel(bundle).catch(() => null);
  if (target?.kind === 'bundle') {
    throw new InvalidArgumentError(
      `${target.folder} holds a bundle already. Name another folder, or replace it with --overwrite.`,
    );
  }
}

/** Bytes and elements of all tensors; headers only. */
async function checkpointTotals(folder: string): Promise<{ readonly total: number; readonly parameters: number }> {
  const { total } = await inspectCheckpoint(folder);
  return { total: total.bytes, parameters: total.parameters };
}

function convertOptions(options: ConvertCommandOptions): ConvertOptions {
  const { dtype, device, prefill, sensitive, keyValues, intermediates, overwrite } = options;
  const { decoderDtype, lmHeadDtype, vitDtype, visualHeadDtype, visualTableDtype, textTableDtype } = options;
  return {
    ...(dtype === undefined ? {} : { dtype }),
    ...(device === undefined ? {} : { device }),
    ...(prefill === undefined ? {} : { prefill }),
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(keyValues === undefined ? {} : { keyValues }),
    ...(intermediates === undefined ? {} : { intermediates }),
    ...(overwrite === undefined ? {} : { overwrite }),
    dtypes: {
      ...(decoderDtype === undefined ? {} : { decoder: decoderDtype }),
      ...(lmHeadDtype === undefined ? {} : { lmHead: lmHeadDtype }),
      ...(vitDtype === undefined ? {} : { vit: vitDtype }),
      ...(visualHeadDtype === undefined ? {} : { visualHead: visualHeadDtype }),
      ...(visualTableDtype === undefined ? {} : { visualTable: visualTableDtype }),
      ...(textTableDtype === undefined ? {} : { textTable: textTableDtype }),
    },
  };
}
