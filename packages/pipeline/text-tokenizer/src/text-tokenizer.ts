import { Tokenizer } from '@huggingface/tokenizers';
import { InvalidArgumentError, tokenId, TokenizerError, type TokenId } from '@ovis/core';
import type { Piece, PieceDecoder } from './piece-decoder.ts';
import { pieceDecoderOf } from './piece-decoder-of.ts';
import { StreamingDetokenizer } from './streaming-detokenizer.ts';
import { cleanUpReplacements, StreamingReplace } from './streaming-replace.ts';
import {
  readTokenizerConfig,
  readTokenizerDefinition,
  type AddedToken,
  type TokenizerDefinition,
  type TokenizerFile,
} from './tokenizer-files.ts';

/** Files of a checkpoint that describe its tokenizer. */
export type TokenizerFiles = {
  /** `tokenizer.json`, at most 64 MB. */
  readonly tokenizerJson: TokenizerFile;
  /** `tokenizer_config.json`. Without it, text is decoded without any clean-up. */
  readonly tokenizerConfig?: TokenizerFile | null;
};

/** How ids become text. */
export type DecodeOptions = {
  /** Leaves out tokens flagged special, for instance `<|im_end|>`, but not `<think>`. Default: true. */
  readonly skipSpecialTokens?: boolean;
};

/** Longer texts are refused, in UTF-16 units: no context of the family holds a tenth of it. */
const MAX_TEXT_LENGTH = 2 ** 21;

/**
 * Text to token ids and back, with the vocabulary of a checkpoint.
 *
 * Control tokens (flagged special, or added outside the trained vocabulary: `<|im_start|>`, `<think>`) never
 * come out of {@link encode}: whatever a user types stays text.
 */
export class TextTokenizer {
  readonly #definition: TokenizerDefinition;
  readonly #config: Readonly<Record<string, unknown>>;
  /** Knows no control tokens. */
  readonly #plain: Encoder;
  /** Knows all tokens; made when first needed, because it takes as much time and memory again. */
  #complete: Encoder | null = null;
  readonly #pieces: readonly (Piece | undefined)[];
  readonly #addedIds: ReadonlyMap<string, TokenId>;
  readonly #specialIds: ReadonlySet<number>;
  readonly #newDecoder: () => PieceDecoder;
  readonly #cleansUp: boolean;

  private constructor(definition: TokenizerDefinition, config: Readonly<Record<string, unknown>> | null) {
    this.#definition = definition;
    // The library asks for a config; the defaults of transformers apply to an absent key of a present file.
    this.#config = config ?? { clean_up_tokenization_spaces: false };
    this.#cleansUp = this.#config['clean_up_tokenization_spaces'] !== false;
    this.#newDecoder = pieceDecoderOf(definition);
    this.#pieces = piecesOf(definition);
    this.#addedIds = new Map(definition.addedTokens.map(({ content, id }) => [content, tokenId(id)]));
    this.#specialIds = new Set(definition.addedTokens.filter(({ special }) => special).map(({ id }) => id));
    this.#plain = build(withoutControlTokens(definition), this.#config);
  }

  /**
   * Reads the tokenizer files of a checkpoint.
   *
   * @throws TokenizerError naming the file and the entry when they are malformed or of an unknown kind.
   */
  static fromFiles(files: TokenizerFiles): TextTokenizer {
    const config = readTokenizerConfig(files.tokenizerConfig);
    return new TextTokenizer(readTokenizerDefinition(files.tokenizerJson, config), config);
  }

  /** Ids of the vocabulary, added tokens included: one more than the largest. The model may have spare rows above. */
  get vocabularySize(): number {
    return this.#pieces.length;
  }

  /**
   * Encodes text as text: control tokens inside are spelled out with ordinary tokens. Lone surrogates become
   * U+FFFD; an empty text gives no ids.
   *
   * @throws TokenizerError when the text has more than 2,097,152 UTF-16 units.
   */
  encode(text: string): TokenId[] {
    return encodeWith(this.#plain, text);
  }

  /**
   * Encodes as the official code does: control tokens inside the text become their ids. For texts of our own
   * and for comparison with the official code, never for a user's words.
   *
   * @throws TokenizerError when the text has more than 2,097,152 UTF-16 units.
   */
  encodeWithSpecials(text: string): TokenId[] {
    this.#complete ??= build(this.#definition.json, this.#config);
    return encodeWith(this.#complete, text);
  }

  /** The id of an added token by its text, for instance `<|im_end|>`; undefined where there is none. */
  tokenIdOf(text: string): TokenId | undefined {
    return this.#addedIds.get(text);
  }

  /** The vocabulary entry of an id as the file spells it (`Ġred`, `▁red`, `<think>`); undefined for spare rows. */
  pieceOf(id: TokenId): string | undefined {
    return this.#pieces[id]?.text;
  }

  /** Whether an id is flagged special, so that decoding leaves it out. */
  isSpecial(id: TokenId): boolean {
    return this.#specialIds.has(id);
  }

  /**
   * The text of ids. Bytes that are no UTF-8 become U+FFFD; ids above the vocabulary (spare rows of the model)
   * give nothing.
   *
   * @throws InvalidArgumentError when an id is negative or no integer.
   */
  decode(ids: readonly TokenId[], options: DecodeOptions = {}): string {
    const detokenizer = this.detokenizer(options);
    return ids.map((id) => detokenizer.push(id)).join('') + detokenizer.flush();
  }

  /** A detokenizer for one text that arrives token by token. */
  detokenizer({ skipSpecialTokens = true }: DecodeOptions = {}): StreamingDetokenizer {
    return new StreamingDetokenizer(
      (id) => {
        if (!Number.isInteger(id) || id < 0) {
          throw new InvalidArgumentError(`Expected a token id, an integer from 0 on, got ${String(id)}.`);
        }
        return skipSpecialTokens && this.#specialIds.has(id) ? null : (this.#pieces[id] ?? null);
      },
      this.#newDecoder(),
      this.#cleansUp ? cleanUpReplacements.map((pair) => new StreamingReplace(...pair)) : [],
    );
  }
}

/** What we use of the library, whose own types do not resolve under Node's module rules. */
interface Encoder {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

function build(json: Readonly<Record<string, unknown>>, config: Readonly<Record<string, unknown>>): Encoder {
  try {
    return new Tokenizer(json, config) as Encoder;
  } catch (cause) {
    throw new TokenizerError(`tokenizer.json cannot be used: ${String(cause)}`, { cause });
  }
}

function encodeWith(tokenizer: Encoder, text: string): TokenId[] {
  if (text.length > MAX_TEXT_LENGTH) {
    throw new TokenizerError(
      `The text has ${text.length} UTF-16 units; at most ${MAX_TEXT_LENGTH} are accepted. Shorten or split it.`,
    );
  }
  const wellFormed = text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  return tokenizer.encode(wellFormed, { add_special_tokens: false }).ids.map(tokenId);
}

function piecesOf({ vocabulary, addedTokens }: TokenizerDefinition): (Piece | undefined)[] {
  const entries = Object.entries(vocabulary);
  const largest = [...entries.map(([, id]) => id), ...addedTokens.map(({ id }) => id)].reduce((a, b) => Math.max(a, b));
  const pieces: (Piece | undefined)[] = Array.from({ length: largest + 1 });
  for (const [text, id] of entries) pieces[id] = { text, added: false };
  for (const { content, id } of addedTokens) pieces[id] = { text: content, added: true };
  return pieces;
}

/**
 * The definition without the tokens that only control the model. Those that belong to the trained vocabulary
 * and are not flagged stay (Gemma's runs of spaces and newlines): they are how ordinary text is spelled.
 */
function withoutControlTokens(definition: TokenizerDefinition): Readonly<Record<string, unknown>> {
  const { json, vocabulary, addedTokens } = definition;
  const isControl = ({ special, content }: AddedToken): boolean => special || !Object.hasOwn(vocabulary, content);
  const model = json['model'] as Readonly<Record<string, unknown>>;
  const ordinary = {
    ...json,
    added_tokens: addedTokens.filter((token) => !isControl(token)).map(({ entry }) => entry),
  };
  if (model['ignore_merges'] !== true) return ordinary;
  // With `ignore_merges` a whole word that is in the vocabulary becomes that token, so control tokens must leave it.
  const control = new Set(addedTokens.filter(isControl).map(({ content }) => content));
  const vocab = Object.fromEntries(Object.entries(vocabulary).filter(([text]) => !control.has(text)));
  return { ...ordinary, model: { ...model, vocab } };
}
