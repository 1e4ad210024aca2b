import { Tokenizer } from '@huggingface/tokenizers';
import { tokenId, TokenizerError, type TokenId } from '@ovis/core';
import { expectList, type JsonObject } from './expect-json.ts';
import { mergedPiece } from './read-vocabulary.ts';
import type { AddedToken, TokenizerDefinition } from './tokenizer-files.ts';

/** Text to token ids. */
export type Encoder = (text: string) => TokenId[];

/** Longer texts are refused, in UTF-16 units: no context of the family holds a tenth of it. */
const MAX_TEXT_LENGTH = 2 ** 21;

/** Encoders over one vocabulary, by the control tokens that they read in a text. */
export type Encoders = {
  /** None. */
  readonly plain: Encoder;
  /** Those not flagged special, which decoding always writes out. */
  readonly answer: Encoder;
  /** All. */
  readonly complete: Encoder;
};

/**
 * Builds the encoders. They share the merge table, which is nearly all of their time and memory.
 *
 * @throws TokenizerError when the library cannot run the file.
 */
export function buildEncoders(definition: TokenizerDefinition, config: JsonObject): Encoders {
  const { json, addedTokens } = definition;
  const plain = build(withoutControlTokens(definition), config);
  const withTokens = (tokens: readonly AddedToken[]): Encoder => {
    const added = tokens.map(({ entry }) => entry);
    const tokenizer = build({ ...json, added_tokens: added, model: { type: 'BPE', vocab: {}, merges: [] } }, config);
    tokenizer.model = plain.model;
    return encoderOf(tokenizer);
  };
  return {
    plain: encoderOf(plain),
    answer: withTokens(addedTokens.filter(({ special }) => !special)),
    complete: withTokens(addedTokens),
  };
}

/** What we use of the library, whose own types do not resolve under Node's module rules. */
interface LibraryTokenizer {
  model: unknown;
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

function build(json: JsonObject, config: JsonObject): LibraryTokenizer {
  try {
    return new Tokenizer(json, config) as LibraryTokenizer;
  } catch (cause) {
    throw new TokenizerError(`tokenizer.json cannot be used: ${String(cause)}`, { cause });
  }
}

function encoderOf(tokenizer: LibraryTokenizer): Encoder {
  return (text) => {
    if (text.length > MAX_TEXT_LENGTH) {
      throw new TokenizerError(
        `The text has ${text.length} UTF-16 units; at most ${MAX_TEXT_LENGTH} are accepted. Shorten or split it.`,
      );
    }
    const wellFormed = text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
    return tokenizer.encode(wellFormed, { add_special_tokens: false }).ids.map((id) => tokenId(id));
  };
}

/**
 * The definition without the tokens that only control the model. Those that belong to the trained vocabulary
 * and are not flagged stay (Gemma's runs of spaces and newlines): they are how ordinary text is spelled.
 */
function withoutControlTokens({ json, model, vocabulary, addedTokens }: TokenizerDefinition): JsonObject {
  const isTrained = ({ content }: AddedToken): boolean => Object.hasOwn(vocabulary.ids, content);
  const isControl = (token: AddedToken): boolean => token.special || !isTrained(token);
  const ordinary = addedTokens.filter((token) => !isControl(token)).map(({ entry }) => entry);
  const trainedControl = new Set(
    addedTokens.filter((token) => isControl(token) && isTrained(token)).map(({ content }) => content),
  );
  // Named, because the library guesses otherwise where a file has no type.
  const typed = { ...model, type: 'BPE' };
  if (trainedControl.size === 0) return { ...json, added_tokens: ordinary, model: typed };
  // Control tokens inside the trained vocabulary must neither be found whole (`ignore_merges`) nor be merged.
  const vocab = Object.fromEntries(Object.entries(vocabulary.ids).filter(([piece]) => !trainedControl.has(piece)));
  const merges = expectList(model['merges'], 'merges').filter((merge) => !trainedControl.has(mergedPiece(merge) ?? ''));
  return { ...json, added_tokens: ordinary, model: { ...typed, vocab, merges } };
}
