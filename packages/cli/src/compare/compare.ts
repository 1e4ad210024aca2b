import { findModel, Ovis, type LoadOptions } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { comparisonTable } from './comparison-table.ts';
import { compareSamples, type SampleChoice } from './compare-samples.ts';

/** Options of `ovis compare` after parsing. */
export type CompareCommandOptions = SampleChoice & {
  readonly maxNewTokens?: number | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** Loads two models, compares them and writes the result. */
export async function compare(
  reference: string,
  candidate: string,
  options: CompareCommandOptions,
  io: CliIo,
): Promise<void> {
  const { json = false, quiet = false, maxNewTokens } = options;
  const samples = compareSamples(options);
  const progress = await createProgressDisplay(io, quiet || json);
  const common: LoadOptions = { onProgress: progress.report, signal: io.signal };
  try {
    const { kind } = await findModel(reference);
    await using first = await Ovis.load(reference, kind === 'checkpoint' ? { ...common, dtype: 'f32' } : common);
    await using second = await Ovis.load(candidate, common);
    const result = await first.compare(second, samples, { maxNewTokens, ...common });
    progress.clear();
    if (json) writeJson(io.stdout, result);
    else io.stdout.write(comparisonTable(result, { reference: first.manifest, candidate: second.manifest }));
  } finally {
    progress.clear();
  }
}
