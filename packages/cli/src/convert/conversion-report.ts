import type { CliIo } from '../io/cli-io.ts';
import { formatBytes, formatCount, formatDuration } from '../output/format-numbers.ts';
import { formatTable } from '../output/format-table.ts';
import { styleOf } from '../output/style.ts';
import { visibleControls } from '../output/visible-controls.ts';
import type { Conversion } from './conversion.ts';

/** A conversion for people; `bundle` is the path as it was typed. */
export function conversionReport(
  conversion: Conversion,
  bundle: string,
  { stdout, env }: Pick<CliIo, 'stdout' | 'env'>,
): string {
  const { checkpointBytes, bytes, ratio, seconds, parameters, dtypes, device, unusedTensors, warnings } = conversion;
  const style = styleOf(stdout, env);
  const facts = [
    ['checkpoint', `${formatBytes(checkpointBytes)}, ${formatCount(parameters)} parameters`],
    ['bundle', `${formatBytes(bytes)}, ${(100 * ratio).toFixed(0)} % of the checkpoint, for ${device}`],
    ['stored as', dtypesInWords(dtypes)],
    ['time', formatDuration(1000 * seconds)],
    ...(unusedTensors.length === 0 ? [] : [['not needed', `${unusedTensors.length} tensors; see ovis inspect`]]),
  ];
  return [
    formatTable(facts, ['left', 'left']),
    ...warnings.map((warning) => `${style.yellow('Warning:')} ${visibleControls(warning)}\n`),
    `\nNext: ${style.bold(`ovis run ${shellWord(bundle)} --image picture.jpg --prompt "Describe the picture."`)}\n`,
  ].join('');
}

/** One dtype where all parts agree, else each part's. */
function dtypesInWords(dtypes: Conversion['dtypes']): string {
  const [first, ...others] = new Set(Object.values(dtypes));
  if (first !== undefined && others.length === 0) return first;
  return Object.entries(dtypes)
    .map(([part, dtype]) => `${part} ${dtype}`)
    .join(', ');
}

function shellWord(path: string): string {
  if (/^[\w@%+=:,./-]+$/.test(path)) return path;
  return `'${visibleControls(path).replaceAll("'", String.raw`'\''`)}'`;
}
