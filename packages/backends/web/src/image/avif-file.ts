import { damagedPicture } from '@ovis/pictures';
import type { EncodedPicture } from './encoded-picture.ts';

type Box = { readonly type: string; readonly start: number; readonly end: number };

/** Where the boxes are that say how large the picture is and how to turn it, and how deep their parents' own fields. */
const parents: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };

const ALPHA = 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha';

/**
 * Size of an AVIF, and its bytes with alpha and rotation taken out: the plane of alpha is renamed, so that decoders
 * leave it alone and the colours behind it stay, and the angle is set to none.
 *
 * @throws ImageError when it is cut off or has no size.
 */
export function avifFile(bytes: Uint8Array): EncodedPicture {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  let size = { height: 0, width: 0 };
  const visit = (start: number, end: number): void => {
    for (const box of boxesOf(view, start, end)) {
      const fields = parents[box.type];
      if (fields !== undefined) visit(box.start + fields, box.end);
      else if (box.type === 'irot' && box.end > box.start) view.setUint8(box.start, 0);
      else if (box.type === 'auxC') hideAlpha(changed.subarray(box.start, box.end));
      else if (box.type === 'ispe' && box.end - box.start >= 12) {
        // There is one for each item; the largest is the picture, the others are tiles, previews and masks.
        const found = { width: view.getUint32(box.start + 4), height: view.getUint32(box.start + 8) };
        if (found.height * found.width > size.height * size.width) size = found;
      }
    }
  };
  visit(0, changed.length);
  if (size.height === 0) throw damagedPicture('AVIF', 'it has no size');
  return { ...size, type: 'image/avif', alpha: false, parts: [changed] };
}

function* boxesOf(view: DataView, start: number, end: number): Generator<Box, void> {
  for (let at = start; at < end; ) {
    if (end - at < 8) throw damagedPicture('AVIF', 'it ends too early');
    let length = view.getUint32(at);
    let header = 8;
    if (length === 1) {
      if (end - at < 16) throw damagedPicture('AVIF', 'it ends too early');
      length = Number(view.getBigUint64(at + 8));
      header = 16;
    } else if (length === 0) length = end - at;
    if (length < header || length > end - at) throw damagedPicture('AVIF', 'it ends too early');
    const type = String.fromCodePoint(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)));
    yield { type, start: at + header, end: at + length };
    at += length;
  }
}

function hideAlpha(box: Uint8Array): void {
  const text = new TextDecoder('latin1').decode(box);
  const at = text.indexOf(ALPHA);
  if (at !== -1) box[at + ALPHA.length - 1] = 'x'.codePointAt(0) ?? 0;
}
