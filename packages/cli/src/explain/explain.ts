import { writeFile } from 'node:fs/promises';
import { nanoBundlePath } from '@ovis/nano';
import { explainImage, Ovis, type Look, type LookView } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { readStdin } from '../io/read-stdin.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { STDIN } from '../run/run-options.ts';
import { lookSummary } from './look-summary.ts';

/** The most that is read of a picture from standard input. */
const MAX_PICTURE_BYTES = 256 * 2 ** 20;

/** Options of `ovis explain` after parsing. */
export type ExplainCommandOptions = {
  readonly out?: string | undefined;
  readonly model?: string | undefined;
  readonly maxPartition?: number | undefined;
  readonly minPixels?: number | undefined;
  readonly maxPixels?: number | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** Looks at a picture, writes the drawing and tells about it. */
export async function explain(image: string, options: ExplainCommandOptions, io: CliIo): Promise<void> {
  const { out, model, json = false, quiet = false, maxPartition, minPixels, maxPixels } = options;
  const progress = await createProgressDisplay(io, quiet || json);
  try {
    const source = image === STDIN ? await readStdin(io, MAX_PICTURE_BYTES) : image;
    await using ovis = await Ovis.load(model ?? nanoBundlePath, { onProgress: progress.report, signal: io.signal });
    const { look, png, entropyRange } = await explainImage(ovis, source, {
      ...(maxPartition === undefined ? {} : { maxPartition }),
      ...(minPixels === undefined ? {} : { minPixels }),
      ...(maxPixels === undefined ? {} : { maxPixels }),
      signal: io.signal,
    });
    progress.clear();
    if (out !== undefined) await writeFile(out, png);
    if (json) writeJson(io.stdout, plain(look));
    else io.stdout.write(lookSummary(look, entropyRange, out ?? ''));
  } finally {
    progress.clear();
  }
}

/** Typed arrays as lists, for JSON. */
function plain({ views, ...rest }: Look) {
  return { ...rest, views: views.map(plainView) };
}

function plainView({ words, probabilities, entropy, ...view }: LookView) {
  return { ...view, words: Array.from(words), probabilities: Array.from(probabilities), entropy: Array.from(entropy) };
}
