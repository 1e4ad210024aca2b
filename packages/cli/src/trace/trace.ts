import { resolve } from 'node:path';
import { traceCase } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { formatTable } from '../output/format-table.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { checkTarget, writeSafetensors } from './write-safetensors.ts';

/** Options of `ovis trace` after parsing. */
export type TraceCommandOptions = {
  readonly caseFile: string;
  readonly out: string;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** Runs a case and writes its tensors. */
export async function trace(
  model: string,
  { caseFile, out, json = false, quiet = false }: TraceCommandOptions,
  io: CliIo,
): Promise<void> {
  await checkTarget(out);
  const progress = await createProgressDisplay(io, quiet || json);
  try {
    const tensors = await traceCase({ model, caseFile, onProgress: progress.report, signal: io.signal });
    progress.clear();
    await writeSafetensors(out, tensors);
    const written = Object.entries(tensors).map(([name, { dtype, dims }]) => ({ name, dtype, shape: dims }));
    if (json) {
      writeJson(io.stdout, { out: resolve(out), tensors: written });
      return;
    }
    const rows = written.map(({ name, dtype, shape }) => [name, dtype, `[${shape.join(', ')}]`]);
    io.stdout.write(`${formatTable(rows, ['left', 'left', 'left'])}${written.length} tensors in ${out}\n`);
  } finally {
    progress.clear();
  }
}
