import type { TokenId } from '@ovis/core';
import type { Piece, PieceDecoder } from './piece-decoder.ts';
import type { StreamingReplace } from './streaming-replace.ts';

/**
 * Turns token ids into text while they arrive. What `push` returns is final and never ends inside a
 * character; all pushes and the flush joined are the text of the whole list. Each push takes time for its
 * own token only. Made by `TextTokenizer.detokenizer`; serves one text at a time.
 */
export class StreamingDetokenizer {
  readonly #pieceOf: (id: TokenId) => Piece | null;
  readonly #decoder: PieceDecoder;
  readonly #replacements: readonly StreamingReplace[];

  /** @internal */
  constructor(
    pieceOf: (id: TokenId) => Piece | null,
    decoder: PieceDecoder,
    replacements: readonly StreamingReplace[],
  ) {
    this.#pieceOf = pieceOf;
    this.#decoder = decoder;
    this.#replacements = replacements;
  }

  /** The text that is certain now that `id` has come; often one word, empty inside a character. */
  push(id: TokenId): string {
    const piece = this.#pieceOf(id);
    if (piece === null) return '';
    return this.#replacements.reduce((text, replace) => replace.push(text), this.#decoder.push(piece));
  }

  /** The rest, when no token follows: an incomplete character becomes U+FFFD. */
  flush(): string {
    return this.#replacements.reduce((text, replace) => replace.push(text) + replace.flush(), this.#decoder.flush());
  }
}
