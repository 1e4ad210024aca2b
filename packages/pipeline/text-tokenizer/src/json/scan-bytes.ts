/** Bytes that structure JSON. */
export const Byte = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  listStart: 0x5b,
  backslash: 0x5c,
  listEnd: 0x5d,
  objectStart: 0x7b,
  objectEnd: 0x7d,
} as const;

/** The first byte from `at` on that is no white space; the length where there is none. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  for (; next < bytes.length; next++) {
    const byte = bytes[next];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
  }
  return next;
}

export function isOpening(byte: number | undefined): boolean {
  return byte === Byte.listStart || byte === Byte.objectStart;
}

export function isClosing(byte: number | undefined): boolean {
  return byte === Byte.listEnd || byte === Byte.objectEnd;
}

/** Behind the string that begins at `at` with its quote; the length where it has no end. */
export function endOfString(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next++) {
    const byte = bytes[next];
    if (byte === Byte.quote) return next + 1;
    if (byte === Byte.backslash) next++;
  }
  return bytes.length;
}

/** The comma or closing bracket that ends the value at `at`; the length where there is none. */
export function endOfValue(bytes: Uint8Array, at: number): number {
  let depth = 0;
  let next = at;
  while (next < bytes.length) {
    const byte = bytes[next];
    if (byte === Byte.quote) {
      next = endOfString(bytes, next);
      continue;
    }
    if (isOpening(byte)) depth++;
    else if (depth === 0 && (byte === Byte.comma || isClosing(byte))) return next;
    else if (isClosing(byte)) depth--;
    next++;
  }
  return bytes.length;
}
