/** Pixels of a picture that are stored together: every `columnStep`-th of every `rowStep`-th row. */
export type PngPass = {
  readonly row: number;
  readonly rowStep: number;
  readonly column: number;
  readonly columnStep: number;
  /** Pixels of the pass, at least 1. */
  readonly height: number;
  readonly width: number;
};

/** First row, step, first column, step of the seven passes of an interlaced picture (Adam7). */
const adam7 = [
  [0, 8, 0, 8],
  [0, 8, 4, 8],
  [4, 8, 0, 4],
  [0, 4, 2, 4],
  [2, 4, 0, 2],
  [0, 2, 1, 2],
  [1, 2, 0, 1],
] as const;

/** The passes of a picture in the order they are stored; empty ones are not. */
export function pngPasses(height: number, width: number, interlaced: boolean): readonly PngPass[] {
  return (interlaced ? adam7 : [[0, 1, 0, 1] as const]).flatMap(([row, rowStep, column, columnStep]) => {
    const pass = {
      row,
      rowStep,
      column,
      columnStep,
      height: Math.ceil((height - row) / rowStep),
      width: Math.ceil((width - column) / columnStep),
    };
    return pass.height > 0 && pass.width > 0 ? [pass] : [];
  });
}
