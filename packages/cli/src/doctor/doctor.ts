import { diagnose, type DiagnoseOptions } from 'ovis/node';
import { BadNews } from '../bad-news.ts';
import type { CliIo } from '../io/cli-io.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { diagnosisLines } from './diagnosis-lines.ts';

/** Options of `ovis doctor` after parsing. */
export type DoctorCommandOptions = Pick<DiagnoseOptions, 'device' | 'threads'> & {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/**
 * Writes what works here.
 *
 * @throws BadNews when something that was asked for does not.
 */
export async function doctor(model: string | null, options: DoctorCommandOptions, io: CliIo): Promise<void> {
  const { json = false, quiet = false, device, threads } = options;
  const progress = await createProgressDisplay(io, quiet || json);
  try {
    const diagnosis = await diagnose({ model, device, threads, onProgress: progress.report, signal: io.signal });
    progress.clear();
    if (json) writeJson(io.stdout, diagnosis);
    else io.stdout.write(diagnosisLines(diagnosis, model, io));
    if (!diagnosis.works) throw new BadNews('Something does not work here.');
  } finally {
    progress.clear();
  }
}
