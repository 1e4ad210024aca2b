declare const tokenIdBrand: unique symbol;

/** A row of the text vocabulary. Positions of pictures are never token ids: see {@link PromptSegment}. */
export type TokenId = number & { readonly [tokenIdBrand]: true };

/** Marks a number that came from a tokenizer or a model as a token id. */
export function tokenId(value: number): TokenId {
  return value as TokenId;
}
