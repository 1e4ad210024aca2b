import { TokenizerError, type Steps } from '@ovis/core';
import { expectList, expectObject, show, type JsonObject } from './expect-json.ts';
import { parseJsonInPieces } from './json/parse-json-in-pieces.ts';
import { checkTokenId, readVocabulary, type Vocabulary } from './read-vocabulary.ts';

/** A tokenizer file: its bytes (UTF-8 JSON), or the JSON already parsed. */
export type TokenizerFile = Uint8Array | Readonly<Record<string, unknown>>;

/** A token that was added beside or on top of the trained vocabulary. */
export type AddedToken = {
  readonly id: number;
  readonly content: string;
  /** Whether decoding may skip it, for instance `<|im_end|>`; `<think>` is not flagged. */
  readonly special: boolean;
  /** The whole entry as it stands in the file. */
  readonly entry: JsonObject;
};

/** `tokenizer.json`, as far as this package looks into it; the rest is checked by the library that runs it. */
export type TokenizerDefinition = {
  /** The whole file, for the library. */
  readonly json: JsonObject;
  readonly model: JsonObject;
  readonly vocabulary: Vocabulary;
  readonly addedTokens: readonly AddedToken[];
  readonly decoder: JsonObject;
};

/** Larger files are refused before they are parsed; Gemma's, the largest of the family, has 17.5 MB. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Bound on added tokens; the family has at most a few hundred. */
const MAX_ADDED_TOKENS = 100_000;

/** The member of `tokenizer.json` that is too large for steps as an object. */
const VOCABULARY_PATH = ['model', 'vocab'];

/**
 * Reads and checks `tokenizer.json`. The config, where there is one, may name further special tokens.
 *
 * @throws TokenizerError naming the file and the entry, when it is too large, malformed, or no byte pair encoding.
 */
export function* readTokenizerDefinition(file: TokenizerFile, config: JsonObject | null): Steps<TokenizerDefinition> {
  const name = 'tokenizer.json';
  const json = yield* parseJsonObject(file, name, VOCABULARY_PATH);
  const model = expectObject(json['model'], `"model" of ${name}`);
  // Files written before the type was stored are byte pair encodings too.
  if (model['type'] !== undefined && model['type'] !== 'BPE') {
    throw new TokenizerError(`${name} holds a model of type ${show(model['type'])}, but Ovis models use "BPE".`);
  }
  const added = expectList(json['added_tokens'] ?? [], `"added_tokens" of ${name}`);
  if (added.length > MAX_ADDED_TOKENS) {
    throw new TokenizerError(`"added_tokens" of ${name} has ${added.length} entries; at most ${MAX_ADDED_TOKENS}.`);
  }
  const named = config?.['additional_special_tokens'];
  const specials = new Set<unknown>(Array.isArray(named) ? named : []);
  const addedTokens = added.map((entry, index) => addedToken(entry, `"added_tokens[${index}]" of ${name}`, specials));
  // A control token inside the trained vocabulary must not come out of ordinary text.
  const never = new Set(addedTokens.filter(({ special }) => special).map(({ content }) => content));
  const vocabulary = yield* readVocabulary(model, name, never);
  return { json, model, vocabulary, addedTokens, decoder: expectObject(json['decoder'], `"decoder" of ${name}`) };
}

/** Reads `tokenizer_config.json`; null where there is none. */
export function* readTokenizerConfig(file: TokenizerFile | null | undefined): Steps<JsonObject | null> {
  return file === null || file === undefined ? null : yield* parseJsonObject(file, 'tokenizer_config.json');
}

function* parseJsonObject(file: TokenizerFile, name: string, mapAt?: readonly string[]): Steps<JsonObject> {
  if (!(file instanceof Uint8Array)) return expectObject(file, name);
  if (file.byteLength > MAX_FILE_BYTES) {
    throw new TokenizerError(`${name} has ${file.byteLength} bytes; at most ${MAX_FILE_BYTES} are accepted.`);
  }
  let parsed: unknown;
  try {
    parsed = yield* parseJsonInPieces(file, { mapAt });
  } catch (cause) {
    throw new TokenizerError(`${name} is not JSON in UTF-8. Copy the file from the checkpoint again.`, { cause });
  }
  return expectObject(parsed, name);
}

function addedToken(value: unknown, where: string, specials: ReadonlySet<unknown>): AddedToken {
  const entry = expectObject(value, where);
  const { id, content, special } = entry;
  checkTokenId(id, () => where);
  if (typeof content !== 'string' || content === '') throw new TokenizerError(`${where} has no text "content".`);
  return { id, content, special: special === true || specials.has(content), entry };
}
