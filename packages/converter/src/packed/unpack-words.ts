/** A rectangle of 32-bit words, row by row. */
export type Words = { readonly data: Uint32Array; readonly rows: number; readonly columns: number };

/**
 * Unpacks words that hold numbers of consecutive rows (GPTQ's codes): number `j` of a word in row `w` and column `c`
 * goes to `into[c * stride + first + w * perWord + j]`. Low bits first.
 *
 * @param stride - Like `first` and the start of `into`, a multiple of 4.
 */
export function unpackDownwards(
  { data, rows, columns }: Words,
  bits: 4 | 8,
  into: Uint8Array,
  stride: number,
  first: number,
): void {
  // Four codes are written at once; a word fills one or two such places.
  const places = new Uint32Array(into.buffer, into.byteOffset, into.length / 4);
  for (let column = 0; column < columns; column++) {
    let to = (column * stride + first) / 4;
    for (let row = 0, from = column; row < rows; row++, from += columns) {
      const word = data[from] ?? 0;
      if (bits === 8) places[to++] = word;
      else {
        places[to++] = spread(word & 0xffff);
        places[to++] = spread(word >>> 16);
      }
    }
  }
}

/** Four numbers of 4 bits, each put into a byte of its own. */
function spread(half: number): number {
  const pairs = (half | (half << 8)) & 0x00ff00ff;
  return (pairs | (pairs << 4)) & 0x0f0f0f0f;
}

/**
 * Unpacks words that hold numbers of consecutive columns (zero points, AWQ's codes): the `j`-th number of a word in row
 * `r` and column `c` belongs to column `c * perWord + order[j]` and goes to `into[column * stride + first + r]`.
 *
 * @param add - Added to the whole word first: what the first GPTQ format took off it, borrows included.
 */
export function unpackSideways(
  { data, rows, columns }: Words,
  { bits, order, add }: { readonly bits: 4 | 8; readonly order: readonly number[]; readonly add: number },
  into: Uint8Array,
  stride: number,
  first: number,
): void {
  const mask = 2 ** bits - 1;
  const places = order.map((place) => place * stride);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let word = ((data[row * columns + column] ?? 0) + add) >>> 0;
      const start = column * order.length * stride + first + row;
      for (const place of places) {
        into[start + place] = word & mask;
        word >>>= bits;
      }
    }
  }
}
