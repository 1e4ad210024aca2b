import {
  InvalidArgumentError,
  runCooperatively,
  runSteps,
  tokenId,
  TokenizerError,
  type Steps,
  type TokenId,
} from '@ovis/core';
import { buildEncoders, type Encoders } from './encoder.ts';
import type { JsonObject } from './expect-json.ts';
import type { Piece, PieceDecoder } from './piece-decoder.ts';
import { pieceDecoderOf } from './piece-decoder-of.ts';
import { StreamingDetokenizer } from './streaming-detokenizer.ts';
import { cleanUpReplacements, StreamingReplace } from './streaming-replace.ts';
import {
  readTokenizerConfig,
  readTokenizerDefinition,
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

/** Letters, accents, CJK, an emoji, spaces and a newline; no white space before punctuation, which clean-up would drop. */
const PROBE = 'A\u00E9\u0416 \u4E2D\u6587\u{1F600} x  9\n';

/**
 * Text to token ids and back, with the vocabulary of a checkpoint.
 *
 * Control tokens (flagged special, or added outside the trained vocabulary: `<|im_start|>`, `<think>`) never
 * come out of {@link encode}: whatever a user types stays text.
 */
export class TextTokenizer {
  readonly #encoders: Encoders;
  /** Pieces of the trained vocabulary by id. */
  readonly #trained: readonly (string | undefined)[];
  readonly #added: ReadonlyMap<number, string>;
  readonly #addedIds: ReadonlyMap<string, TokenId>;
  readonly #specialIds: ReadonlySet<number>;
  readonly #newDecoder: () => PieceDecoder;
  readonly #cleansUp: boolean;

  private constructor(definition: TokenizerDefinition, config: JsonObject) {
    const { vocabulary, addedTokens } = definition;
    this.#cleansUp = config['clean_up_tokenization_spaces'] !== false;
    this.#newDecoder = pieceDecoderOf(definition);
    this.#trained = vocabulary.pieces;
    this.#added = new Map(addedTokens.map(({ content, id }) => [id, content]));
    this.#addedIds = new Map(addedTokens.map(({ content, id }) => [content, tokenId(id)]));
    this.#specialIds = new Set(addedTokens.filter(({ special }) => special).map(({ id }) => id));
    this.#encoders = buildEncoders(definition, config); // after the decoder, which looks at the same tables
  }

  /**
   * Reads the tokenizer files of a checkpoint all at once; see {@link open} for large vocabularies.
   *
   * @throws TokenizerError naming the file and the entry when they are malformed or of an unknown kind.
   */
  static fromFiles(files: TokenizerFiles): TextTokenizer {
    return runSteps(TextTokenizer.#read(files));
  }

  /**
   * Reads the tokenizer files of a checkpoint in slices of about 2 ms, with the event loop free in between.
   *
   * @param signal - Ends the work after its slice; the promise is then rejected with `signal.reason`.
   * @throws TokenizerError naming the file and the entry when they are malformed or of an unknown kind.
   */
  static open(files: TokenizerFiles, signal?: AbortSignal): Promise<TextTokenizer> {
    return runCooperatively(TextTokenizer.#read(files), signal);
  }

  static *#read({ tokenizerJson, tokenizerConfig }: TokenizerFiles): Steps<TextTokenizer> {
    const config = yield* readTokenizerConfig(tokenizerConfig);
    const definition = yield* readTokenizerDefinition(tokenizerJson, config);
    // The library asks for a config; the defaults of transformers apply to an absent key of a present file.
    const present = config ?? { clean_up_tokenization_spaces: false };
    const tokenizer = new TextTokenizer(definition, present);
    yield; // the first encoding compiles the pre-tokenizer's patterns, which takes milliseconds
    tokenizer.#checkRoundTrip();
    return tokenizer;
  }

  /** Ids of the vocabulary, added tokens included: one more than the largest. The model may have spare rows above. */
  get vocabularySize(): number {
    return [...this.#added.keys()].reduce((size, id) => Math.max(size, id + 1), this.#trained.length);
  }

  /**
   * Encodes text as text: control tokens inside are spelled out with ordinary tokens. Lone surrogates become
   * U+FFFD; an empty text gives no ids.
   *
   * @throws TokenizerError when the text has more than 2,097,152 UTF-16 units.
   */
  encode(text: string): TokenId[] {
    return this.#encoders.plain(text);
  }

  /**
   * Encodes an earlier answer of the model for the next turn. As {@link encode}, but added tokens that are not
   * flagged special (`<think>`, `<tool_call>`) are read: decoding writes them out, so this takes them back.
   *
   * @throws TokenizerError when the text has more than 2,097,152 UTF-16 units.
   */
  encodeAnswer(text: string): TokenId[] {
    return this.#encoders.answer(text);
  }

  /**
   * Encodes as the official code does: control tokens inside the text become their ids. For texts of our own
   * and for comparison with the official code, never for a user's words.
   *
   * @throws TokenizerError when the text has more than 2,097,152 UTF-16 units.
   */
  encodeWithSpecials(text: string): TokenId[] {
    return this.#encoders.complete(text);
  }

  /** The id of an added token by its text, for instance `<|im_end|>`; undefined where there is none. */
  tokenIdOf(text: string): TokenId | undefined {
    return this.#addedIds.get(text);
  }

  /** The vocabulary entry of an id as the file spells it (`Ġred`, `▁red`, `<think>`); undefined for spare rows. */
  pieceOf(id: TokenId): string | undefined {
    return this.#added.get(id) ?? this.#trained[id];
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
        return skipSpecialTokens && this.#specialIds.has(id) ? null : this.#piece(id);
      },
      this.#newDecoder(),
      this.#cleansUp ? cleanUpReplacements.map((pair) => new StreamingReplace(...pair)) : [],
    );
  }

  #piece(id: TokenId): Piece | null {
    const added = this.#added.get(id);
    if (added !== undefined) return { text: added, added: true };
    const trained = this.#trained[id];
    return trained === undefined ? null : { text: trained, added: false };
  }

  /** A file whose parts do not fit together (say, a decoder without its pre-tokenizer) would lose text silently. */
  #checkRoundTrip(): void {
    let decoded: unknown;
    try {
      decoded = this.decode(this.encode(PROBE));
    } catch (cause) {
      throw new TokenizerError(`tokenizer.json cannot be used: ${String(cause)}`, { cause });
    }
    if (decoded !== PROBE) {
      throw new TokenizerError(
        `tokenizer.json does not give back what it takes: ${JSON.stringify(PROBE)} became ${JSON.stringify(decoded)}. ` +
          'Its normalizer, pre-tokenizer, vocabulary and decoder do not belong together; copy the file again.',
      );
    }
  }
}
