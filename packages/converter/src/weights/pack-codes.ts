/** Packs numbers of 4 or 8 bits, one per byte, into bytes from `start` on, low bits first. */
export function packCodes(codes: Uint8Array, bits: 4 | 8, into: Uint8Array, start: number): void {
  if (bits === 8) {
    into.set(codes, start);
    return;
  }
  for (let code = 0, byte = start; code < codes.length; code += 2, byte++) {
    into[byte] = (codes[code] ?? 0) | ((codes[code + 1] ?? 0) << 4);
  }
}
