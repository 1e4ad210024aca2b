import type { ImageError } from '@ovis/core';
import { damagedPicture } from '../damaged-picture.ts';
import { crc32 } from './crc32.ts';

/** A piece of a PNG file. */
export type PngChunk = {
  /** Four letters; the first is a capital where a decoder must understand the chunk. */
  readonly type: string;
  readonly data: Uint8Array;
};

const SIGNATURE_BYTES = 8;

/**
 * The chunks up to the end of the picture, checked for length and, where they count, for their checksum.
 *
 * @throws ImageError when one is cut off or damaged.
 */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_BYTES; ; ) {
    if (at + 12 > bytes.length) throw damagedPng('it ends too early');
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) throw damagedPng('it ends too early');
    const type = String.fromCodePoint(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/u.test(type)) throw damagedPng('a chunk has no name');
    if (
      type >= 'A' &&
      type <= 'Z~' &&
      crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)
    ) {
      throw damagedPng(`the checksum of ${type} does not fit`);
    }
    if (type === 'IEND') return;
    yield { type, data: bytes.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

/** The error of a PNG that cannot be what it was. */
export function damagedPng(what: string, cause?: unknown): ImageError {
  return damagedPicture('PNG', what, cause);
}
