import { damagedPng } from './png-chunks.ts';

/** What a PNG says of itself. */
export type PngHeader = {
  readonly height: number;
  readonly width: number;
  /** Bits of a sample. */
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly colour: PngColour;
  readonly interlaced: boolean;
};

/** What the samples of a pixel are. */
export type PngColour = 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgb-alpha';

/** By PNG's number: the kind, and the depths it may have. */
const colours: Readonly<Record<number, readonly [PngColour, readonly number[]]>> = {
  0: ['grey', [1, 2, 4, 8, 16]],
  2: ['rgb', [8, 16]],
  3: ['palette', [1, 2, 4, 8]],
  4: ['grey-alpha', [8, 16]],
  6: ['rgb-alpha', [8, 16]],
};

/** Samples of a pixel. */
export const samplesOf: Readonly<Record<PngColour, number>> = {
  grey: 1,
  rgb: 3,
  palette: 1,
  'grey-alpha': 2,
  'rgb-alpha': 4,
};

/**
 * Reads the chunk `IHDR`.
 *
 * @throws ImageError when it says what no PNG may.
 */
export function pngHeader(data: Uint8Array): PngHeader {
  if (data.length !== 13) throw damagedPng('its header has another length');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [depth = 0, number = 0, compression, filter, interlace = 0] = data.subarray(8);
  const [colour, depths] = colours[number] ?? [];
  if (colour === undefined || depths?.includes(depth) !== true || !isDepth(depth)) {
    throw damagedPng(`there is no colour type ${number} of ${depth} bits`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) throw damagedPng('its header has unknown methods');
  return { width: view.getUint32(0), height: view.getUint32(4), depth, colour, interlaced: interlace === 1 };
}

function isDepth(depth: number): depth is PngHeader['depth'] {
  return [1, 2, 4, 8, 16].includes(depth);
}
