import { damagedPicture } from '@ovis/pictures';
import type { EncodedPicture } from './encoded-picture.ts';

type Chunk = { readonly type: string; readonly data: Uint8Array };

const HEADER_BYTES = 12;

/**
 * The first frame of a WebP without profile and orientation, as a file of its own. Alpha of lossy colours is stored
 * apart and left out, so that the colours behind it come out as they were stored; that of lossless ones is part of them.
 *
 * @throws ImageError when it is cut off or damaged.
 */
export function webpFile(bytes: Uint8Array): EncodedPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(4, true) + 8 > bytes.length) throw damaged('it ends too early');
  const chunks = [...chunksOf(bytes.subarray(HEADER_BYTES, view.getUint32(4, true) + 8))];
  const animated = chunks.find(({ type }) => type === 'ANMF');
  if (animated === undefined) return pictureOf(chunks);

  const { data } = animated;
  const header = chunks.find(({ type }) => type === 'VP8X');
  if (header === undefined || header.data.length < 10 || data.length < 16) throw damaged('an animation has no size');
  const frame = pictureOf([...chunksOf(data.subarray(16))]);
  const canvas = {
    height: triple(header.data, 7) + 1,
    width: triple(header.data, 4) + 1,
    top: triple(data, 3) * 2,
    left: triple(data, 0) * 2,
  };
  if (canvas.top + frame.height > canvas.height || canvas.left + frame.width > canvas.width) {
    throw damaged('its first frame leaves the picture');
  }
  return { ...frame, canvas };
}

function pictureOf(chunks: readonly Chunk[]): EncodedPicture {
  const colours = chunks.find(({ type }) => type === 'VP8 ' || type === 'VP8L');
  if (colours === undefined) throw damaged('it has no colours');
  const size = colours.type === 'VP8 ' ? lossySize(colours.data) : losslessSize(colours.data);
  const { data } = colours;
  const padding = new Uint8Array(data.length % 2);
  const header = new Uint8Array(HEADER_BYTES + 8);
  const view = new DataView(header.buffer);
  header.set(new TextEncoder().encode(`RIFF....WEBP${colours.type}`));
  view.setUint32(4, 12 + data.length + padding.length, true);
  view.setUint32(16, data.length, true);
  return { ...size, type: 'image/webp', parts: [header, data, padding] };
}

function lossySize(data: Uint8Array) {
  if (data.length < 10 || triple(data, 3) !== 0x2a019d) throw damaged('its lossy colours have no header');
  return { height: triple(data, 8) & 0x3fff, width: triple(data, 6) & 0x3fff, alpha: false };
}

function losslessSize(data: Uint8Array) {
  if (data.length < 5 || data[0] !== 0x2f) throw damaged('its lossless colours have no header');
  const bits = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(1, true);
  return { height: ((bits >>> 14) & 0x3fff) + 1, width: (bits & 0x3fff) + 1, alpha: (bits & (2 ** 28)) !== 0 };
}

function* chunksOf(bytes: Uint8Array): Generator<Chunk, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (length > bytes.length - at - 8) throw damaged('it ends too early');
    yield { type: String.fromCodePoint(...bytes.subarray(at, at + 4)), data: bytes.subarray(at + 8, at + 8 + length) };
    at += 8 + length + (length % 2);
  }
}

/** Three bytes, the low one first; zeros behind the end. */
function triple(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 2 ** 8 + (bytes[at + 2] ?? 0) * 2 ** 16;
}

function damaged(what: string) {
  return damagedPicture('WebP', what);
}
