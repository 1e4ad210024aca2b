import { visibleControls } from './visible-controls.ts';

/** How the cells of a column are placed. */
export type Alignment = 'left' | 'right';

/** Rows of cells as aligned lines, two blanks between columns. Control characters are spelled out. */
export function formatTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string {
  const cells = rows.map((row) => row.map((cell) => visibleControls(cell).replace(/\s/g, ' ')));
  const widths = alignments.map((_, column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        alignments[column] === 'right' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return cells.map((row) => `${line(row)}\n`).join('');
}
