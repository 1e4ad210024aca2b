import { damagedPicture } from '@ovis/pictures';
import type { EncodedPicture } from './encoded-picture.ts';

/** Segments with orientation, colour profile and previews: Exif and XMP, ICC and the like. */
const APP1 = 0xe1;
const APP2 = 0xe2;

/**
 * Size of a JPEG, and its bytes without what would turn it or change its colours: a browser obeys orientation
 * tags whatever it is told, the official code does not.
 *
 * @throws ImageError when it is cut off; browsers show such files with grey where data is missing.
 */
export function jpegFile(bytes: Uint8Array): EncodedPicture {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let size: { readonly height: number; readonly width: number } | undefined;
  for (let at = 2; ; ) {
    if (bytes[at] !== 0xff)
      throw damagedPicture('JPEG', at < bytes.length ? 'a marker is missing' : 'it ends too early');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++; // Any number of these bytes may fill the place before a marker.
      continue;
    }
    if (marker === 0xd9) {
      if (size === undefined) throw damagedPicture('JPEG', 'it has no size');
      kept.push(bytes.subarray(at, at + 2));
      return { ...size, type: 'image/jpeg', alpha: false, parts: kept };
    }
    const length = 2 + word(bytes, at + 2);
    const end = marker === 0xda ? endOfScan(bytes, at + length) : at + length;
    if (length < 4 || end > bytes.length) throw damagedPicture('JPEG', 'it ends too early');
    if (isFrameHeader(marker)) size ??= { height: word(bytes, at + 5), width: word(bytes, at + 7) };
    if (marker !== APP1 && marker !== APP2) kept.push(bytes.subarray(at, end));
    at = end;
  }
}

/** Markers of frames; between them are those of tables and of arithmetic coding. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Where the next marker after coded pixels is; the pixels hold restart markers and stuffed bytes. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at !== -1; at = bytes.indexOf(0xff, at + 2)) {
    const next = bytes[at + 1] ?? 0;
    if (at + 1 < bytes.length && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw damagedPicture('JPEG', 'it ends too early');
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}
