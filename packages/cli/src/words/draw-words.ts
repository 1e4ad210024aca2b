import { writeFile } from 'node:fs/promises';
import { nanoBundlePath, nanoVisualWordsPath } from '@ovis/nano';
import { Ovis, wordSheet } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { readNames } from './read-names.ts';

/** Options of `ovis words` after parsing. */
export type WordsCommandOptions = {
  readonly out?: string | undefined;
  readonly model?: string | undefined;
  readonly words?: number | undefined;
  readonly patches?: number | undefined;
  readonly names?: string | undefined;
  readonly maxPartition?: number | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** Looks at pictures and draws the words that their patches choose. */
export async function drawWords(images: readonly string[], options: WordsCommandOptions, io: CliIo): Promise<void> {
  const { out, model, json = false, quiet = false, words, patches, maxPartition } = options;
  const file = options.names ?? (model === undefined ? nanoVisualWordsPath : undefined);
  const names = file === undefined ? undefined : await readNames(file);
  const progress = await createProgressDisplay(io, quiet || json);
  const common = { onProgress: progress.report, signal: io.signal };
  try {
    await using ovis = await Ovis.load(model ?? nanoBundlePath, common);
    const limits = maxPartition === undefined ? {} : { maxPartition };
    const sheet = await wordSheet(ovis, images, { words, patches, names, ...limits, ...common });
    progress.clear();
    if (out !== undefined) await writeFile(out, sheet.svg);
    if (json) writeJson(io.stdout, { tokens: sheet.tokens, words: sheet.words });
    else {
      io.stdout.write(
        `${sheet.tokens} visual tokens of ${images.length} pictures; ${sheet.words.length} words written to ${out ?? ''}\n`,
      );
    }
  } finally {
    progress.clear();
  }
}
