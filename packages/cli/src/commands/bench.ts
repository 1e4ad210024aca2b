import { Option, type Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { integerList } from '../options/integer-list.ts';
import { integerIn } from '../options/number-parsers.ts';
import { weightDtypes } from '../options/weight-dtypes.ts';

const help = `
Measures loading, seeing one picture, reading prompts, writing after contexts, and memory. Everything is measured
once per repetition, in turns; the table gives medians and, in brackets, the slowest and the fastest. Leave the machine
alone meanwhile, or see in the brackets what the neighbours cost.

"of memory" compares the speed of writing with what memory alone permits: each new token reads all weights of the
language model and all keys and values of the context. Near 100 % only smaller weights help (--dtype int4 when
converting); far below, try other numbers of --threads.

Examples:
  $ ovis bench
  $ ovis bench path/to/bundle --contexts 64,1024,4096 --prompts 512
  $ ovis bench bundle --threads 4 --repeat 5 --no-picture
  $ ovis bench bundle --json | jq '.decode[] | {context, tokensPerSecond}'`;

/** `ovis bench`: measures a model on this machine. */
export function addBenchCommand(program: Command, io: CliIo): void {
  program
    .command('bench')
    .description('Measure how fast a model loads, sees, reads and writes on this machine.')
    .argument('[model]', 'folder of a bundle or a checkpoint; without it the embedded model')
    .option(
      '--contexts <n,...>',
      'positions before the new tokens that are timed (default: 64,512,2048 as far as the model holds them)',
      integerList({ min: 1 }),
    )
    .option(
      '--prompts <n,...>',
      'lengths of the prompts that are read (default: 256,1024,2048 as far as the model holds them)',
      integerList({ min: 1 }),
    )
    .option('--steps <n>', 'new tokens per context and repetition (default: 16)', integerIn({ min: 1, max: 1024 }))
    .option('--repeat <n>', 'repetitions (default: 3)', integerIn({ min: 1, max: 100 }))
    .option('--no-picture', 'leave the picture out')
    .addOption(new Option('--device <device>', 'where to run').choices(['auto', 'cpu', 'webgpu', 'cuda'] as const))
    .option('--threads <n>', 'threads of the processor', integerIn({ min: 1, max: 256 }))
    .addOption(
      new Option('--dtype <dtype>', 'storage of the weights when a checkpoint is converted (default: int8)').choices(
        weightDtypes,
      ),
    )
    .option('--json', 'print one JSON object with every single time instead of a table')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (model, options) => {
      const { bench } = await import('../bench/bench.ts');
      await bench(model ?? null, options, io);
    });
}
