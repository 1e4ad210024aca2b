import { ImageError } from '@ovis/core';

/** Formats that are decoded. Everything else is refused before any decoder sees a byte of it. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif';

/** Formats people send that are refused, by how they begin, with a word for the message. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^BM/u, 'a BMP'],
  [/^....ftyp(hei|hev|mif1|msf1)/su, 'a HEIC picture'],
  [/^(\s*<\?xml|\s*<svg)/u, 'an SVG drawing'],
  [/^%PDF/u, 'a PDF'],
  [/^%!PS/u, 'a PostScript file'],
  [/^\s*<(!doctype|html)/iu, 'a web page'],
];

/**
 * The format of encoded bytes, by their first ones.
 *
 * @throws ImageError when it is none that is decoded.
 */
export function imageFormat(bytes: Uint8Array): ImageFormat {
  // Not a TextDecoder: what browsers call latin1 is windows-1252, which has no U+0089.
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  if (start.startsWith('\u0089PNG\r\n\u001a\n')) return 'png';
  if (start.startsWith('\u00ff\u00d8\u00ff')) return 'jpeg';
  if (/^RIFF....WEBP/su.test(start)) return 'webp';
  if (/^GIF8[79]a/u.test(start)) return 'gif';
  if (start.startsWith('II*\0') || start.startsWith('MM\0*')) return 'tiff';
  if (/^....ftypavi[fs]/su.test(start)) return 'avif';
  const known = refused.find(([pattern]) => pattern.test(start))?.[1];
  throw new ImageError(
    `${known === undefined ? 'The bytes are no picture in a known format' : `Got ${known}, which is not decoded`}. ` +
      'Save it as PNG, JPEG, WebP, GIF, TIFF or AVIF.',
    { details: { firstBytes: [...bytes.subarray(0, 12)] } },
  );
}
