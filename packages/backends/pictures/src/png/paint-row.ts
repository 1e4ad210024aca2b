import { colourTable } from '../colour-table.ts';
import { samplesOf, type PngHeader } from './png-header.ts';
import type { PngPass } from './png-passes.ts';

/** Writes the pixels of one stored row into the picture. */
export type PaintRow = (row: Uint8Array, pass: PngPass, rowOfPass: number) => void;

/**
 * How stored samples become RGB, by the rules of Pillow's `convert('RGB')`: alpha is dropped, fewer than 8 bits
 * of grey are stretched, of 16 bits the upper half counts, except for grey alone, where values above 255 are white.
 *
 * @param palette - `[colours, 3]`, empty where there is none; indices beyond it are greys, as in Pillow.
 * @param data - The picture, `[height, width, 3]`.
 */
export function rowPainter({ colour, depth, width }: PngHeader, palette: Uint8Array, data: Uint8Array): PaintRow {
  const table = colour === 'palette' ? colourTable(palette) : greyTable(depth);
  const samples = samplesOf[colour];
  const wide = depth === 16 ? 2 : 1;
  const stride = samples * wide;
  const inColour = colour === 'rgb' || colour === 'rgb-alpha';
  return (row, pass, rowOfPass) => {
    const step = pass.columnStep * 3;
    let to = ((pass.row + rowOfPass * pass.rowStep) * width + pass.column) * 3;
    for (let pixel = 0; pixel < pass.width; pixel++, to += step) {
      if (inColour) {
        const from = pixel * stride;
        data[to] = row[from] ?? 0;
        data[to + 1] = row[from + wide] ?? 0;
        data[to + 2] = row[from + 2 * wide] ?? 0;
        continue;
      }
      const index = indexOf(row, pixel);
      data[to] = table[index * 3] ?? 0;
      data[to + 1] = table[index * 3 + 1] ?? 0;
      data[to + 2] = table[index * 3 + 2] ?? 0;
    }
  };

  /** The grey or the number of the colour of a pixel. */
  function indexOf(row: Uint8Array, pixel: number): number {
    if (depth < 8) {
      const bit = pixel * depth;
      return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
    const value = row[pixel * stride] ?? 0;
    // Grey of 16 bits without alpha is not scaled but clipped.
    return colour === 'grey' && depth === 16 ? (value > 0 ? 255 : (row[pixel * stride + 1] ?? 0)) : value;
  }
}

/** Greys of `depth` bits, stretched to 8. */
function greyTable(depth: number): Uint8Array {
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  return Uint8Array.from({ length: 768 }, (_, index) => Math.floor(index / 3) * scale);
}
