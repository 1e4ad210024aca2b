import { Option, type Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { integerIn, numberIn } from '../options/number-parsers.ts';
import { weightDtypes } from '../options/weight-dtypes.ts';
import { runConflict } from '../run/run-options.ts';

const help = `
Put MODEL before --image, --video and --stop: these take every word up to the next option.

Examples:
  $ ovis run --image picture.png --prompt "How many circles are there?"
  $ ovis run path/to/Ovis2-1B --image a.jpg b.jpg --prompt "What differs?"
  $ ovis run path/to/Ovis2.5-2B --video 1.png 2.png 3.png --prompt "What happens?" --thinking
  $ curl -s https://example.org/cat.jpg | ovis run bundle --image - --prompt "What is this?"
  $ ovis run bundle --image photo.jpg --prompt - --json < question.txt | jq -r .text`;

/** `ovis run`: answers one question. */
export function addRunCommand(program: Command, io: CliIo): void {
  program
    .command('run')
    .description('Answer a question about pictures. The answer goes to stdout, everything else to stderr.')
    .argument('[model]', 'folder of a bundle or a checkpoint; without it the embedded model')
    .option('-p, --prompt <text>', 'the question (required); - reads it from stdin')
    .option('-i, --image <file...>', 'pictures, in order; - reads one from stdin')
    .option('--video <frame...>', 'the frames of one video, in order')
    .option('--system <text>', 'instructions before the conversation')
    .option('-n, --max-new-tokens <n>', 'most tokens of the answer (default: 512)', integerIn({ min: 1 }))
    .option('-t, --temperature <t>', '0 takes the likeliest token (default: 0)', numberIn({ min: 0, max: 100 }))
    .option(
      '--top-p <p>',
      'sample among the likeliest tokens of this total probability',
      numberIn({ above: 0, max: 1 }),
    )
    .option('--top-k <k>', 'sample among this many likeliest tokens; 0: all', integerIn({ min: 0 }))
    .option('--min-p <p>', 'drop tokens less likely than this share of the likeliest', numberIn({ min: 0, max: 1 }))
    .option('--repetition-penalty <r>', 'above 1 discourages repetition', numberIn({ above: 0, max: 100 }))
    .option('--seed <n>', 'make sampling repeatable', integerIn({ min: 0, max: 2 ** 32 - 1 }))
    .option('--stop <text...>', 'texts that end the answer')
    .option('--thinking', 'let a model that can (2.5 and later) think first')
    .option('--thinking-budget <n>', 'think for at most this many tokens; implies --thinking', integerIn({ min: 1 }))
    .option('--max-partition <n>', 'most sub-images of a picture (up to 2)', integerIn({ min: 1, max: 64 }))
    .option('--min-pixels <n>', 'least area of a picture for the model (2.5 and later)', integerIn({ min: 1 }))
    .option('--max-pixels <n>', 'largest area of a picture for the model (2.5 and later)', integerIn({ min: 1 }))
    .addOption(new Option('--device <device>', 'where to run').choices(['auto', 'cpu', 'webgpu', 'cuda'] as const))
    .option('--threads <n>', 'threads of the processor', integerIn({ min: 1, max: 256 }))
    .addOption(
      new Option('--dtype <dtype>', 'storage of the weights when a checkpoint is converted (default: int8)').choices(
        weightDtypes,
      ),
    )
    .option('--json', 'print one JSON object instead of text')
    .option('-q, --quiet', 'no progress, reasoning or statistics')
    .addHelpText('after', help)
    .action(async (model, options, command) => {
      // Not a required option of commander, which would complain about it before it suggests `--prompt` for `--promt`.
      const { prompt } = options;
      if (prompt === undefined) return command.error('There is no question. Add --prompt "What is in the picture?"');
      const conflict = runConflict({ ...options, prompt });
      if (conflict !== null) return command.error(conflict);
      const { runModel } = await import('../run/run-model.ts');
      await runModel(model ?? null, { ...options, prompt }, io);
    });
}
