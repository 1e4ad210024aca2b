import { ExitCode } from './exit-code.ts';
import type { CliIo } from './io/cli-io.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

/**
 * Runs one command line and never throws: errors are reported on the streams of `io`.
 *
 * @param argv - Arguments after the program's name.
 * @returns The exit code: see {@link ExitCode}.
 */
export async function main(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(argv, { from: 'user' });
    return ExitCode.success;
  } catch (error) {
    return reportError(error, io, { json: asksForJson(argv) });
  }
}

/** Known before the options are parsed, because parsing is one of the things that can fail. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
