/** Learned positions `[side * side, d]` resized to a grid (PyTorch's bicubic, not antialiased), in block order. */
export function resizedPositions(table: ArrayLike<number>, d: number, height: number, width: number): Float32Array {
  const side = Math.sqrt(table.length / d);
  const result = new Float32Array(height * width * d);
  blockOrder(height, width).forEach(([row, column], patch) => {
    for (const [sourceRow, rowWeight] of taps(row, height, side)) {
      for (const [sourceColumn, columnWeight] of taps(column, width, side)) {
        const from = (sourceRow * side + sourceColumn) * d;
        for (let channel = 0; channel < d; channel++) {
          const index = patch * d + channel;
          result[index] = (result[index] ?? 0) + rowWeight * columnWeight * (table[from + channel] ?? 0);
        }
      }
    }
  });
  return result;
}

function taps(index: number, size: number, side: number): (readonly [number, number])[] {
  const source = ((index + 0.5) * side) / size - 0.5;
  const first = Math.floor(source) - 1;
  return [0, 1, 2, 3].map((tap) => {
    const clamped = Math.min(Math.max(first + tap, 0), side - 1);
    return [clamped, cubic(Math.abs(source - first - tap))] as const;
  });
}

function cubic(x: number): number {
  const a = -0.75;
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * a;
}

/** Angles of the 2-D rotary positions, `[P, h/2]`: rows first, then columns. */
export function rotaryAngles(headSize: number, height: number, width: number): Float32Array {
  const frequencies = Array.from({ length: headSize / 4 }, (_, pair) => 10000 ** ((-2 * pair) / (headSize / 2)));
  return Float32Array.from(
    blockOrder(height, width).flatMap((place) => place.flatMap((at) => frequencies.map((frequency) => at * frequency))),
  );
}

/** Row and column of every patch of a grid, 2x2 block by block. */
function blockOrder(height: number, width: number): (readonly [number, number])[] {
  const order: (readonly [number, number])[] = [];
  for (let top = 0; top < height; top += 2) {
    for (let left = 0; left < width; left += 2) {
      order.push([top, left], [top, left + 1], [top + 1, left], [top + 1, left + 1]);
    }
  }
  return order;
}
