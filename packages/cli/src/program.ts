import { Command } from '@commander-js/extra-typings';
import packageJson from '../package.json' with { type: 'json' };
import { addBenchCommand } from './commands/bench.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addConvertCommand } from './commands/convert.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addRunCommand } from './commands/run.ts';
import { addTraceCommand } from './commands/trace.ts';
import { addWordsCommand } from './commands/words.ts';
import type { CliIo } from './io/cli-io.ts';

const help = `
Examples:
  $ ovis run --image picture.png --prompt "What is in the picture?"
  $ ovis run path/to/Ovis2-1B --image photo.jpg --prompt "Describe the picture."
  $ ovis convert path/to/Ovis2-1B bundle --dtype int4
  $ ovis inspect bundle
  $ ovis explain picture.png -o seen.png
  $ ovis words pictures/*.png -o words.svg
  $ ovis compare path/to/Ovis2-1B bundle
  $ ovis eval nano
  $ ovis bench bundle
  $ ovis doctor bundle

Exit codes: 0 success, 1 failure, 2 wrong use, 130 interrupted.
"ovis COMMAND --help" tells more about a command.`;

/** All commands with their options. Heavy modules are only loaded by the command that needs them. */
export function createProgram(io: CliIo): Command {
  const program = new Command('ovis')
    .description('Runs, converts, inspects, explains and measures Ovis multimodal language models.')
    .version(packageJson.version)
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Errors are reported in one place for all commands.
      outputError: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
    .addHelpText('after', help)
    // An error is thrown to `main` instead of ending the process.
    .exitOverride();
  addRunCommand(program, io);
  addConvertCommand(program, io);
  addInspectCommand(program, io);
  addExplainCommand(program, io);
  addWordsCommand(program, io);
  addCompareCommand(program, io);
  addEvalCommand(program, io);
  addTraceCommand(program, io);
  addBenchCommand(program, io);
  addDoctorCommand(program, io);
  return program;
}
