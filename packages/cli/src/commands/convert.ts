import { Option, type Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { weightDtypes } from '../options/weight-dtypes.ts';

const help = `
int4 keeps in 8 bits what does not forgive 4: only the decoder's layers get smaller.
An interrupted conversion leaves nothing that loads.

Examples:
  $ ovis convert path/to/Ovis2-1B bundle
  $ ovis convert path/to/Ovis2.5-2B bundle --dtype int4 --vit-dtype f16
  $ ovis convert path/to/Ovis2-1B bundle --dtype f32 --intermediates --overwrite
  $ ovis convert path/to/Ovis2-1B bundle --json | jq .ratio`;

/** `ovis convert`: makes a bundle of a checkpoint. */
export function addConvertCommand(program: Command, io: CliIo): void {
  program
    .command('convert')
    .description('Convert a checkpoint in the official layout into a bundle.')
    .argument('<checkpoint>', 'folder with config.json, safetensors and tokenizer')
    .argument('<bundle>', 'folder to make')
    .addOption(new Option('--dtype <dtype>', 'storage of all weights (default: int8)').choices(weightDtypes))
    .addOption(new Option('--decoder-dtype <dtype>', 'layers of the language model').choices(weightDtypes))
    .addOption(new Option('--lm-head-dtype <dtype>', 'output head of the language model').choices(weightDtypes))
    .addOption(new Option('--vit-dtype <dtype>', 'vision tower').choices(weightDtypes))
    .addOption(new Option('--visual-head-dtype <dtype>', 'head over the visual words').choices(weightDtypes))
    .addOption(new Option('--visual-table-dtype <dtype>', 'visual embedding table').choices(weightDtypes))
    .addOption(new Option('--text-table-dtype <dtype>', 'text embedding table').choices(weightDtypes))
    .addOption(
      new Option('--device <device>', 'what the graphs are laid out for (default: cpu)').choices([
        'cpu',
        'webgpu',
      ] as const),
    )
    .addOption(
      new Option('--prefill <dtype>', 'whether int4 for a CPU also stores int8, to read prompts faster').choices([
        'int8',
        'same',
      ] as const),
    )
    .addOption(
      new Option(
        '--sensitive <dtype>',
        'what int4 keeps its most sensitive matrices in; same writes faster and errs more (default: int8)',
      ).choices(['int8', 'same'] as const),
    )
    .addOption(
      new Option('--key-values <dtype>', 'how a CPU keeps keys and values of earlier positions (default: f32)').choices(
        ['f32', 'int8'] as const,
      ),
    )
    .option('--intermediates', 'let the visual tokenizer give its inner values, for `ovis trace`')
    .option('--overwrite', 'replace a bundle that is there, once the new one is complete')
    .option('--json', 'print one JSON object instead of text')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (checkpoint, bundle, options) => {
      const { convert } = await import('../convert/convert.ts');
      await convert(checkpoint, bundle, options, io);
    });
}
