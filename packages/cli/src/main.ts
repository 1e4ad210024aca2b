import { ExitCode } from './exit-code.ts';
import type { CliIo, Output } from './io/cli-io.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

/**
 * Runs one command line and never throws: errors are reported on the streams of `io`.
 *
 * @param argv - Arguments after the program's name.
 * @returns The exit code: see {@link ExitCode}.
 */
export async function main(argv: readonly string[], io: CliIo): Promise<number> {
  const program = createProgram(io);
  try {
    await program.parseAsync(argv, { from: 'user' });
    await flush(io.stdout);
    return ExitCode.success;
  } catch (error) {
    const command = program.commands.find((known) => known.name() === argv[0]);
    return reportError(error, io, { json: asksForJson(argv), command: command?.name() ?? null });
  }
}

/** A full disk behind the output shows when the last words are written, not when they are handed over. */
function flush(output: Output): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write('', (error) => (error ? reject(error) : resolve()));
  });
}

/** Known before the options are parsed, because parsing is one of the things that can fail. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
