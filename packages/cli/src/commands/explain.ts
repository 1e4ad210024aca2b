import type { Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { integerIn } from '../options/number-parsers.ts';

const help = `
The drawing has three panels: the picture; its entropy, dark where the model is certain and bright where a visual
token spreads over many words; its most likely visual words, one colour per word, pale where the word is unlikely.

Examples:
  $ ovis explain picture.png -o seen.png
  $ ovis explain photo.jpg -o seen.png --model path/to/Ovis2-1B --max-partition 4
  $ ovis explain picture.png --json | jq '.views[0].entropy'`;

/** `ovis explain`: draws what the model sees. */
export function addExplainCommand(program: Command, io: CliIo): void {
  program
    .command('explain')
    .description('Draw a picture as the model sees it: entropy and visual words of every token.')
    .argument('<image>', 'the picture; - reads it from stdin')
    .option('-o, --out <file>', 'the PNG file to write (required unless --json)')
    .option('-m, --model <folder>', 'folder of a bundle or a checkpoint; without it the embedded model')
    .option('--max-partition <n>', 'most sub-images (up to 2)', integerIn({ min: 1, max: 64 }))
    .option('--min-pixels <n>', 'least area for the model (2.5 and later)', integerIn({ min: 1 }))
    .option('--max-pixels <n>', 'largest area for the model (2.5 and later)', integerIn({ min: 1 }))
    .option('--json', 'print the tokens as one JSON object instead of a summary')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (image, options, command) => {
      if (options.out === undefined && options.json !== true) {
        return command.error('There is no file to write. Add -o seen.png');
      }
      const { explain } = await import('../explain/explain.ts');
      await explain(image, options, io);
    });
}
