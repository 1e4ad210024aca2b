import type { Piece, PieceDecoder } from './piece-decoder.ts';

/**
 * SentencePiece pieces: U+2581 is a space, and `<0x0A>` to `<0xFF>` spell characters outside the vocabulary.
 * A run of byte pieces is judged as a whole, as in the official `ByteFallback`: valid UTF-8, or one U+FFFD
 * per byte. So a run is held back until a piece of text ends it.
 */
export class ByteFallbackDecoder implements PieceDecoder {
  #run: number[] = [];

  push({ text }: Piece): string {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(text)?.[1];
    if (byte === undefined) return this.flush() + text.replaceAll('▁', ' ');
    this.#run.push(Number.parseInt(byte, 16));
    return '';
  }

  flush(): string {
    const run = Uint8Array.from(this.#run);
    this.#run = [];
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(run);
    } catch {
      return '\uFFFD'.repeat(run.length);
    }
  }
}
