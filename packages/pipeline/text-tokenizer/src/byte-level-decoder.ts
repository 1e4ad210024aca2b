import type { Piece, PieceDecoder } from './piece-decoder.ts';

/**
 * Byte-level pieces: each character stands for one byte, and the bytes of all pieces together are UTF-8.
 * Invalid bytes become U+FFFD as in `String::from_utf8_lossy`, which the official tokenizers use; bytes
 * that may still become a character (at most 3) are held back.
 */
export class ByteLevelDecoder implements PieceDecoder {
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

  push(piece: Piece): string {
    return this.#utf8.decode(bytesOf(piece), { stream: true });
  }

  flush(): string {
    return this.#utf8.decode();
  }
}

/** Characters of the byte alphabet that are no token of this vocabulary. */
export function missingByteCharacters(vocabulary: ReadonlyMap<string, number>): string[] {
  return [...byteOfCharacter.keys()].filter((character) => !vocabulary.has(character));
}

function bytesOf({ text, added }: Piece): Uint8Array {
  if (added) return new TextEncoder().encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const byte = byteOfCharacter.get(character);
    // A piece outside the alphabet is literal text, as in the official decoder.
    if (byte === undefined) return new TextEncoder().encode(text);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** The byte alphabet of GPT-2 (`bytes_to_unicode`): printable Latin-1 stands for itself, the rest for U+0100 on. */
const byteOfCharacter = byteAlphabet();

function byteAlphabet(): ReadonlyMap<string, number> {
  const alphabet = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    alphabet.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return alphabet;
}
