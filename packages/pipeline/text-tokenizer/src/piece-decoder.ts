/** A vocabulary entry as it stands in the tokenizer file. */
export type Piece = {
  readonly text: string;
  /** Added tokens are literal text; the others are in the alphabet of the trained model. */
  readonly added: boolean;
};

/**
 * Turns pieces into text, one after the other. Text that `push` returns is final: no later piece changes
 * it. Holds back only what a following piece may complete.
 */
export interface PieceDecoder {
  push(piece: Piece): string;
  /** What was held back, now that nothing follows. The decoder is then as new. */
  flush(): string;
}
