import { inspect } from 'node:util';
import { CommanderError } from '@commander-js/extra-typings';
import { ExitCode } from './exit-code.ts';
import type { CliIo } from './io/cli-io.ts';
import { Interruption } from './io/interruption.ts';
import { BadNews } from './bad-news.ts';
import { styleOf } from './output/style.ts';
import { visibleControls } from './output/visible-controls.ts';

/** What `--json` prints in place of a result. */
type ErrorReport = { readonly error: { readonly name: string; readonly code: string; readonly message: string } };

/** What is known about the command line without its options. */
type CommandLine = {
  /** Whether results are wanted as JSON. */
  readonly json: boolean;
  readonly command: string | null;
};

/** Tells what went wrong, for people on stderr or as one JSON object on stdout, and gives the exit code. */
export function reportError(error: unknown, io: CliIo, { json, command }: CommandLine): number {
  if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.success;
  const cause: unknown = io.signal.aborted ? io.signal.reason : error;
  const exitCode = exitCodeOf(cause);
  // What was found has been written by the command itself.
  if (exitCode === ExitCode.outputClosed || cause instanceof BadNews) return exitCode;
  const report = describe(cause);
  if (json) io.stdout.write(`${JSON.stringify({ error: report } satisfies ErrorReport)}\n`);
  // Without a command commander has printed the help.
  else if (report.code !== 'commander.help') writeForPeople(report, command, io);
  if (io.env['OVIS_DEBUG'] === '1') io.stderr.write(`${inspect(error, { depth: 6 })}\n`);
  return exitCode;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return ExitCode.wrongUse;
  return error instanceof Interruption ? error.exitCode : ExitCode.failure;
}

function describe(error: unknown): ErrorReport['error'] {
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '');
    return { name: 'UsageError', code: error.code, message: message.charAt(0).toUpperCase() + message.slice(1) };
  }
  if (error instanceof Interruption) return { name: error.name, code: 'interrupted', message: error.message };
  if (!(error instanceof Error)) return { name: 'Error', code: 'unknown', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  return { name: error.name, code, message: error.message };
}

function writeForPeople(
  { name, code, message }: ErrorReport['error'],
  command: string | null,
  { stderr, env }: CliIo,
): void {
  const style = styleOf(stderr, env);
  if (code === 'interrupted') {
    stderr.write(`${message}\n`);
    return;
  }
  const wrongUse = name === 'UsageError';
  stderr.write(`${style.red(`${wrongUse ? 'Wrong use' : name}:`)} ${visibleControls(message)}\n`);
  if (wrongUse) stderr.write(`See "${command === null ? 'ovis' : `ovis ${command}`} --help".\n`);
  if (code === 'unknown' && env['OVIS_DEBUG'] !== '1') {
    stderr.write('This was not expected. Run again with OVIS_DEBUG=1 to see where it happened.\n');
  }
}
