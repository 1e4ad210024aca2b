import { formatBytes, formatCount } from '../output/format-numbers.ts';
import { formatTable, type Alignment } from '../output/format-table.ts';
import type { Style } from '../output/style.ts';
import type { BundleInspection, CheckpointInspection } from './inspection.ts';

/** Longer lists are cut for people; `--json` has all of them. */
const MOST_LINES = 20;

/** Parts, files and unused tensors of a bundle, each table after an empty line. */
export function bundleTables({ parts, files, unusedTensors }: BundleInspection, style: Style): readonly string[] {
  const partRows = Object.entries(parts).map(([part, { parameters, dtype }]) => [part, formatCount(parameters), dtype]);
  const fileRows = files.map(({ path, bytes, state }) => [path, formatBytes(bytes), state === 'present' ? '' : state]);
  const unusedRows = unusedTensors.map(({ name, reason }) => [name, reason]);
  return [
    table(style, ['Part', 'Parameters', 'Stored as'], ['left', 'right', 'left'], partRows),
    table(style, ['File', 'Size', ''], ['left', 'right', 'left'], fileRows),
    unusedRows.length === 0 ? '' : table(style, ['Not needed', 'Reason'], ['left', 'left'], unusedRows),
  ];
}

/** Parts, dtypes and files of a checkpoint, each table after an empty line. */
export function checkpointTables({ parts, dtypes, files }: CheckpointInspection, style: Style): readonly string[] {
  const columns = ['Tensors', 'Parameters', 'Size'];
  const alignments = ['left', 'right', 'right', 'right'] as const;
  const present = Object.entries(parts).filter(([, { tensors }]) => tensors > 0);
  const fileRows = files.map(({ path, tensors, bytes }) => [path, formatCount(tensors), formatBytes(bytes)]);
  return [
    table(style, ['Part', ...columns], alignments, present.map(totalsRow)),
    table(style, ['Dtype', ...columns], alignments, Object.entries(dtypes).map(totalsRow)),
    table(style, ['File', 'Tensors', 'Size'], ['left', 'right', 'right'], fileRows),
  ];
}

function totalsRow([name, totals]: readonly [string, CheckpointInspection['parts']['vit']]): readonly string[] {
  return [name, formatCount(totals.tensors), formatCount(totals.parameters), formatBytes(totals.bytes)];
}

function table(
  style: Style,
  head: readonly string[],
  alignments: readonly Alignment[],
  rows: readonly (readonly string[])[],
): string {
  const [title = '', ...lines] = formatTable([head, ...rows.slice(0, MOST_LINES)], alignments).split('\n');
  const rest = rows.length > MOST_LINES ? `... and ${rows.length - MOST_LINES} more, see --json\n` : '';
  return `\n${style.bold(title)}\n${lines.join('\n')}${rest}`;
}
