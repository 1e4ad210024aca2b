import { Option, type Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { integerIn } from '../options/number-parsers.ts';
import { weightDtypes } from '../options/weight-dtypes.ts';

const help = `
The model is asked every question, always takes the likeliest token, and its answers are compared with the expected
ones. "chance" is what the best single answer to all questions of a task would reach. The questions for the embedded
model, "nano", are the package @ovis/nano-sets; they hold words, fonts, layouts and drawing styles that it never saw.

FOLDER of --sets holds sets.json (title, goal and wording of each set), questions.jsonl (id, set, images, question,
answer, rule) and images/. Rules: exact, within-5-percent, same-things, says-unknown.

Examples:
  $ ovis eval nano
  $ ovis eval nano --only word digits --answers answers.jsonl
  $ ovis eval bundle-int4 --sets my-questions --limit 20
  $ ovis eval nano --json | jq '.sets[] | {set, right}'`;

/** `ovis eval`: counts right answers. */
export function addEvalCommand(program: Command, io: CliIo): void {
  program
    .command('eval')
    .description('Ask a model questions whose answers are known, and count the right ones.')
    .argument('<model>', 'nano for the embedded model, or the folder of a bundle or a checkpoint')
    .option('--sets <folder>', 'the questions (default: those of the embedded model)')
    .option('--only <set...>', 'only these sets of questions')
    .option('--limit <n>', 'only the first n questions of each set', integerIn({ min: 1 }))
    .option('--answers <file>', 'write every answer to a file, one JSON object per line')
    .addOption(new Option('--device <device>', 'where to run').choices(['auto', 'cpu', 'webgpu', 'cuda'] as const))
    .option('--threads <n>', 'threads of the processor', integerIn({ min: 1, max: 256 }))
    .addOption(
      new Option('--dtype <dtype>', 'storage of the weights when a checkpoint is converted (default: int8)').choices(
        weightDtypes,
      ),
    )
    .option('--json', 'print one JSON object instead of tables')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (model, options) => {
      const { evaluate } = await import('../eval/eval.ts');
      await evaluate(model, options, io);
    });
}
