/**
 * 256 colours `[256, 3]`: those of the palette `[colours, 3]`, of which at most 256 count, and greys where it leaves some
 * out, as in Pillow.
 */
export function colourTable(palette: Uint8Array): Uint8Array {
  const table = Uint8Array.from({ length: 768 }, (_, index) => Math.floor(index / 3));
  table.set(palette.subarray(0, table.length));
  return table;
}
