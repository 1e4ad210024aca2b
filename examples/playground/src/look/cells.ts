import type { Look, LookView } from 'ovis/web';

/** One visual token on the picture; places and sizes are shares of the picture, in [0, 1]. */
export type Cell = {
  readonly row: number;
  readonly column: number;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  /** Nats. */
  readonly entropy: number;
  /** Most likely first. */
  readonly words: readonly { readonly word: number; readonly probability: number }[];
};

/** The tokens of a view that lie on the picture, row by row; those on padding alone are left out. */
export function cellsOf(
  look: Look,
  { rows, columns, region, words, probabilities, entropy }: LookView,
): readonly Cell[] {
  const cells: Cell[] = [];
  const k = look.wordsPerToken;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const index = row * columns + column;
      const [top, height] = shares(region.top, region.height / rows, row, look.height);
      const [left, width] = shares(region.left, region.width / columns, column, look.width);
      if (height <= 0 || width <= 0) continue;
      const top5 = Array.from({ length: Math.min(k, 5) }, (_, rank) => ({
        word: words[index * k + rank] ?? 0,
        probability: probabilities[index * k + rank] ?? 0,
      }));
      cells.push({ row, column, top, left, height, width, entropy: entropy[index] ?? 0, words: top5 });
    }
  }
  return cells;
}

/** Least and most entropy of cells. */
export function entropyRange(cells: readonly Cell[]): readonly [least: number, most: number] {
  let [least, most] = [Infinity, 0];
  for (const { entropy } of cells) {
    least = Math.min(least, entropy);
    most = Math.max(most, entropy);
  }
  return [Number.isFinite(least) ? least : 0, most];
}

/** The cell at a point of the picture, or null. */
export function cellAt(cells: readonly Cell[], top: number, left: number): Cell | null {
  const holds = (cell: Cell) =>
    top >= cell.top && top < cell.top + cell.height && left >= cell.left && left < cell.left + cell.width;
  return cells.find(holds) ?? null;
}

/** The cell so many rows and columns away, or the same one at the edge. */
export function neighbour(cells: readonly Cell[], from: Cell, rows: number, columns: number): Cell {
  return cells.find(({ row, column }) => row === from.row + rows && column === from.column + columns) ?? from;
}

/** The other cells that read as the same word first. */
export function twinsOf(cells: readonly Cell[], cell: Cell): readonly Cell[] {
  return cells.filter((other) => other !== cell && other.words[0]?.word === cell.words[0]?.word);
}

/** Start and length of a cell along one side, cut at the picture's edges. */
function shares(start: number, size: number, index: number, side: number): readonly [number, number] {
  const from = Math.max(0, (start + index * size) / side);
  const to = Math.min(1, (start + (index + 1) * size) / side);
  return [from, to - from];
}
