import type { LoadOptions } from 'ovis/node';

/** Options of `ovis run` after parsing; each number is in its range. */
export type RunOptions = Pick<LoadOptions, 'device' | 'threads' | 'dtype'> & {
  readonly prompt: string;
  readonly image?: readonly string[] | undefined;
  readonly video?: readonly string[] | undefined;
  readonly system?: string | undefined;
  readonly maxNewTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly minP?: number | undefined;
  readonly repetitionPenalty?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly thinking?: boolean | undefined;
  readonly thinkingBudget?: number | undefined;
  readonly maxPartition?: number | undefined;
  readonly minPixels?: number | undefined;
  readonly maxPixels?: number | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
};

/** The word that stands for standard input. */
export const STDIN = '-';

const MAX_STOPS = 16;
const MAX_STOP_LENGTH = 1000;

/** What is wrong with options that are right one by one, or null. */
export function runConflict(options: RunOptions): string | null {
  const { prompt, image = [], video = [], stop = [], minPixels = 0, maxPixels = Infinity } = options;
  const files = [...image, ...video];
  if (prompt.trim() === '') return 'The prompt is empty. Ask something: --prompt "What is in the picture?"';
  if (files.includes('')) return 'A picture has an empty name. Give the path of a file, or - for stdin.';
  if ([prompt, ...files].filter((word) => word === STDIN).length > 1) {
    return 'Only one of prompt and pictures can be read from stdin (-).';
  }
  if (stop.length > MAX_STOPS || stop.some((text) => text === '' || text.length > MAX_STOP_LENGTH)) {
    return `--stop takes at most ${MAX_STOPS} texts of 1 to ${MAX_STOP_LENGTH} characters.`;
  }
  if (minPixels > maxPixels) return `--min-pixels ${minPixels} is more than --max-pixels ${maxPixels}.`;
  return null;
}
