import { Tokenizer } from '@huggingface/tokenizers';
import { tokenId, TokenizerError, type TokenId } from '@ovis/core';
import type { JsonObject } from './expect-json.ts';
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
 * Builds the encoders. They share the merge table, which is nearly all of their time and memory, and take the tables of
 * the definition over.
 *
 * @throws TokenizerError when the library cannot run the file.
 */
export function buildEncoders(definition: TokenizerDefinition, config: JsonObject): Encoders {
  const { addedTokens } = definition;
  const control = new Set(addedTokens.filter((token) => isControl(token, definition)).map(({ content }) => content));
  const plain = build(
    definition,
    addedTokens.filter(({ content }) => !control.has(content)),
    config,
  );
  fillModel(plain.model, definition, control);
  const withTokens = (tokens: readonly AddedToken[]): Encoder => {
    const tokenizer = build(definition, tokens, config);
    tokenizer.model = plain.model;
    return encoderOf(tokenizer);
  };
  return {
    plain: encoderOf(plain),
    answer: withTokens(addedTokens.filter(({ special }) => !special)),
    complete: withTokens(addedTokens),
  };
}

/**
 * Whether a token only controls the model. Those that belong to the trained vocabulary and are not flagged do not
 * (Gemma's runs of spaces and newlines): they are how ordinary text is spelled.
 */
function isControl({ special, content }: AddedToken, { vocabulary }: TokenizerDefinition): boolean {
  return special || !vocabulary.ids.has(content);
}

/** What we use of the library, whose own types do not resolve under Node's module rules. */
interface LibraryTokenizer {
  model: LibraryModel;
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

/** The library's byte pair encoding: what its constructor computes from a file in one go. */
interface LibraryModel {
  tokens_to_ids: Map<string, number>;
  /** Place of each merge, by the JSON of its pair. */
  bpe_ranks: Map<string, number>;
  unk_token_id: number | undefined;
}

/** A tokenizer whose model is empty, but for its added tokens. */
function build(
  { json, model }: TokenizerDefinition,
  added: readonly AddedToken[],
  config: JsonObject,
): LibraryTokenizer {
  // The type is named, because the library guesses otherwise where a file has none.
  const empty = { ...model, type: 'BPE', vocab: {}, merges: [] };
  try {
    const definition = { ...json, added_tokens: added.map(({ entry }) => entry), model: empty };
    return new Tokenizer(definition, config) as LibraryTokenizer;
  } catch (cause) {
    throw new TokenizerError(`tokenizer.json cannot be used: ${String(cause)}`, { cause });
  }
}

/**
 * Gives an empty model the tables that the library's constructor would compute in one go.
 *
 * @param control - Tokens to leave out: inside the trained vocabulary they must not be found whole (`ignore_merges`).
 */
function fillModel(
  model: LibraryModel,
  { vocabulary: { ids, ranks }, model: { unk_token: unknown } }: TokenizerDefinition,
  control: ReadonlySet<string>,
): void {
  for (const token of control) ids.delete(token);
  for (const [token, id] of model.tokens_to_ids) ids.set(token, id);
  model.tokens_to_ids = ids;
  model.bpe_ranks = ranks;
  if (typeof unknown === 'string') model.unk_token_id = ids.get(unknown);
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
