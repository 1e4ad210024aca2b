import type { Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';

const help = `
CASE is a case.json in the format of the golden fixtures (packages/testing/fixtures/README.md). Its pictures lie
beside it, in ../../images, or in MODEL/images. A checkpoint is taken in f32 with all stages visible; a bundle has
the inner stages when it was converted with --intermediates.

Examples:
  $ ovis trace path/to/checkpoint --case cases/single-wide/case.json --out traced.safetensors
  $ ovis trace bundle --case case.json --out traced.safetensors --json | jq -r '.tensors[].name'`;

/** `ovis trace`: writes down what every stage gives. */
export function addTraceCommand(program: Command, io: CliIo): void {
  program
    .command('trace')
    .description('Run one case and write the tensors of every stage, to compare with the official code.')
    .argument('<model>', 'folder of a bundle or a checkpoint')
    .option('--case <file>', 'the case: a case.json (required)')
    .option('--out <file>', 'the safetensors file to write (required)')
    .option('--json', 'print one JSON object instead of a table')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (model, options, command) => {
      const { case: caseFile, out } = options;
      if (caseFile === undefined) return command.error('There is no case. Add --case path/to/case.json');
      if (out === undefined) return command.error('There is no file to write. Add --out traced.safetensors');
      const { trace } = await import('../trace/trace.ts');
      await trace(model, { ...options, caseFile, out }, io);
    });
}
