import type { Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';

const help = `
Only small files and headers are read, whatever the model's size.

Examples:
  $ ovis inspect path/to/Ovis2-1B
  $ ovis inspect bundle
  $ ovis inspect bundle --json | jq .parameters`;

/** `ovis inspect`: says what a folder is. */
export function addInspectCommand(program: Command, io: CliIo): void {
  program
    .command('inspect')
    .description('Say what a checkpoint or bundle is: generation, parts, parameters, sizes, dtypes, files.')
    .argument('<path>', 'folder of a checkpoint or a bundle')
    .option('--json', 'print one JSON object instead of tables')
    .addHelpText('after', help)
    .action(async (path, options) => {
      const { inspectModel } = await import('../inspect/inspect-model.ts');
      await inspectModel(path, options, io);
    });
}
