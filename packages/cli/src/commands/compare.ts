import type { Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { integerIn } from '../options/number-parsers.ts';

const help = `
A reference that is a checkpoint is taken in f32. Every question is put to both models, once for each picture;
without pictures, drawn ones are used. Read the result like this: a divergence below 0.01 nats and more than 99 %
equal tokens is hard to notice; above 0.1 nats answers change.

Examples:
  $ ovis compare path/to/Ovis2-1B bundle-int4
  $ ovis compare bundle-f32 bundle-int8 --image photo.jpg chart.png --prompt "Describe the picture."
  $ ovis compare bundle-int8 bundle-int4 --json | jq .overall.divergence`;

/** `ovis compare`: measures what a storage costs. */
export function addCompareCommand(program: Command, io: CliIo): void {
  program
    .command('compare')
    .description('Measure how far a conversion is from another one or from its checkpoint, stage by stage.')
    .argument('<reference>', 'folder of a bundle or a checkpoint')
    .argument('<candidate>', 'folder of a bundle or a checkpoint of the same model')
    .option('-i, --image <file...>', 'pictures to ask about')
    .option('-p, --prompt <text...>', 'questions')
    .option(
      '-n, --max-new-tokens <n>',
      'tokens of the reference along which both are compared (default: 16)',
      integerIn({ min: 1, max: 512 }),
    )
    .option('--max-partition <n>', 'most sub-images of a picture (up to 2)', integerIn({ min: 1, max: 64 }))
    .option('--json', 'print one JSON object instead of a table')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (reference, candidate, options) => {
      const { compare } = await import('../compare/compare.ts');
      await compare(reference, candidate, options, io);
    });
}
