import type { Command } from '@commander-js/extra-typings';
import type { CliIo } from '../io/cli-io.ts';
import { integerIn } from '../options/number-parsers.ts';

const help = `
Looks at all pictures, takes the visual words that are the most likely one of most tokens, and draws for each the
patches that chose it with the highest probability, one a picture. Words get their names from a JSON list of texts, one
for each row of the visual embedding table, where there is one.

Examples:
  $ ovis words pictures/*.png -o words.svg
  $ ovis words photos/*.jpg -o words.svg --model path/to/Ovis2-1B --words 40 --max-partition 4
  $ ovis words pictures/*.png --json | jq '.words[0]'`;

/** `ovis words`: draws what visual words look like. */
export function addWordsCommand(program: Command, io: CliIo): void {
  program
    .command('words')
    .description('Draw the most used visual words with the patches that choose them.')
    .argument('<image...>', 'the pictures')
    .option('-o, --out <file>', 'the SVG file to write (required unless --json)')
    .option('-m, --model <folder>', 'folder of a bundle or a checkpoint; without it the embedded model')
    .option('--words <n>', 'rows (default: 24)', integerIn({ min: 1, max: 1000 }))
    .option('--patches <n>', 'patches of each word (default: 12)', integerIn({ min: 1, max: 100 }))
    .option('--names <file>', 'what the words are called: a JSON list of texts (default: those of the embedded model)')
    .option('--max-partition <n>', 'most sub-images (up to 2)', integerIn({ min: 1, max: 64 }))
    .option('--json', 'print words and places as one JSON object')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (images, options, command) => {
      if (options.out === undefined && options.json !== true) {
        return command.error('There is no file to write. Add -o words.svg');
      }
      const { drawWords } = await import('../words/draw-words.ts');
      await drawWords(images, options, io);
    });
}
