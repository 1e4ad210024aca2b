import { benchmarkModel, type BenchmarkOptions } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { embeddedModel } from '../run/embedded-model.ts';
import { benchSummary } from './bench-summary.ts';
import { benchTable } from './bench-table.ts';

/** Options of `ovis bench` after parsing. */
export type BenchCommandOptions = Pick<
  BenchmarkOptions,
  'steps' | 'repeat' | 'picture' | 'device' | 'threads' | 'dtype'
> & {
  readonly contexts?: readonly number[] | undefined;
  readonly prompts?: readonly number[] | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** Measures a model and writes what was measured. */
export async function bench(model: string | null, options: BenchCommandOptions, io: CliIo): Promise<void> {
  const { contexts: decode, prompts: prefill, json = false, quiet = false, ...rest } = options;
  const progress = await createProgressDisplay(io, quiet || json);
  try {
    const measured = await benchmarkModel(model ?? embeddedModel(options.device), {
      ...rest,
      decode,
      prefill,
      onProgress: progress.report,
      signal: io.signal,
    });
    progress.clear();
    const summary = benchSummary(measured);
    if (json) writeJson(io.stdout, summary);
    else io.stdout.write(benchTable(summary, io));
  } finally {
    progress.clear();
  }
}
