import { ExitCode } from '../exit-code.ts';
import type { CliIo } from './cli-io.ts';
import { Interruption } from './interruption.ts';

/**
 * The streams of this process. The first Ctrl-C (or SIGTERM) aborts the signal, so that the command can stop
 * its work and clean up; the second ends the process at once.
 */
export function processIo(): CliIo {
  const controller = new AbortController();
  const { signal } = controller;
  const stopOn = (name: 'SIGINT' | 'SIGTERM', exitCode: number): void => {
    process.on(name, () => {
      if (signal.aborted) process.exit(exitCode);
      controller.abort(new Interruption('Interrupted.', exitCode));
    });
  };
  stopOn('SIGINT', ExitCode.interrupted);
  stopOn('SIGTERM', ExitCode.terminated);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const exitCode = error.code === 'EPIPE' ? ExitCode.outputClosed : ExitCode.failure;
      // The command may have ended before its last words failed.
      process.exitCode = exitCode;
      controller.abort(new Interruption(`Cannot write the output: ${error.message}.`, exitCode));
    });
  }
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env, signal };
}
