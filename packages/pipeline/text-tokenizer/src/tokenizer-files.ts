import { TokenizerError } from '@ovis/core';

/** A tokenizer file: its bytes (UTF-8 JSON), or the JSON already parsed. */
export type TokenizerFile = Uint8Array | Readonly<Record<string, unknown>>;

/** A token that was added beside or on top of the trained vocabulary. */
export type AddedToken = {
  readonly id: number;
  readonly content: string;
  /** Whether decoding may skip it, for instance `<|im_end|>`; `<think>` is not flagged. */
  readonly special: boolean;
  /** The whole entry as it stands in the file. */
  readonly entry: Readonly<Record<string, unknown>>;
};

/** `tokenizer.json`, as far as this package looks into it; the rest is checked by the library that runs it. */
export type TokenizerDefinition = {
  /** The whole file, for the library. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly addedTokens: readonly AddedToken[];
  readonly decoder: Readonly<Record<string, unknown>>;
};

/** Larger files are refused before they are parsed; Gemma's, the largest of the family, has 17.5 MB. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Bound on entries of the vocabulary and on merges; the largest vocabulary of the family has 256,000. */
const MAX_ENTRIES = 2_000_000;
/** Bound on token ids, so that a lying file cannot make an array of billions of holes. */
const MAX_TOKEN_ID = 4_000_000;

/**
 * Reads and checks `tokenizer.json`. The config, where there is one, may name further special tokens.
 *
 * @throws TokenizerError naming the file and the entry, when it is too large, malformed, or no byte pair encoding.
 */
export function readTokenizerDefinition(
  file: TokenizerFile,
  config: Readonly<Record<string, unknown>> | null,
): TokenizerDefinition {
  const name = 'tokenizer.json';
  const json = parseJsonObject(file, name);
  const model = record(json['model'], `"model" of ${name}`);
  // Files written before the type was stored are byte pair encodings too.
  if (model['type'] !== undefined && model['type'] !== 'BPE') {
    throw new TokenizerError(`${name} holds a model of type ${show(model['type'])}, but Ovis models use "BPE".`);
  }
  const vocabulary = checkVocabulary(record(model['vocab'], `"model.vocab" of ${name}`), name);
  checkMerges(model['merges'], name);
  const named = config?.['additional_special_tokens'];
  const specials = new Set<unknown>(Array.isArray(named) ? named : []);
  return {
    json,
    vocabulary,
    addedTokens: array(json['added_tokens'] ?? [], `"added_tokens" of ${name}`).map((entry, index) =>
      addedToken(entry, `"added_tokens[${index}]" of ${name}`, specials),
    ),
    decoder: record(json['decoder'], `"decoder" of ${name}`),
  };
}

/** Reads `tokenizer_config.json`; null where there is none. */
export function readTokenizerConfig(file: TokenizerFile | null | undefined): Readonly<Record<string, unknown>> | null {
  return file === null || file === undefined ? null : parseJsonObject(file, 'tokenizer_config.json');
}

function parseJsonObject(file: TokenizerFile, name: string): Readonly<Record<string, unknown>> {
  if (!(file instanceof Uint8Array)) return record(file, name);
  if (file.byteLength > MAX_FILE_BYTES) {
    throw new TokenizerError(`${name} has ${file.byteLength} bytes; at most ${MAX_FILE_BYTES} are accepted.`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file));
  } catch (cause) {
    throw new TokenizerError(`${name} is not JSON in UTF-8. Copy the file from the checkpoint again.`, { cause });
  }
  return record(parsed, name);
}

function checkVocabulary(vocabulary: Readonly<Record<string, unknown>>, name: string): Record<string, number> {
  const entries = Object.entries(vocabulary);
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    throw new TokenizerError(`"model.vocab" of ${name} has ${entries.length} entries; expected 1 to ${MAX_ENTRIES}.`);
  }
  const seen = new Set<number>();
  for (const [token, id] of entries) {
    checkId(id, `token ${show(token)} in "model.vocab" of ${name}`);
    if (seen.has(id)) throw new TokenizerError(`"model.vocab" of ${name} gives id ${id} to more than one token.`);
    seen.add(id);
  }
  return vocabulary as Record<string, number>;
}

/** Merges are strings `"a b"` or pairs `["a", "b"]`, all of one kind. */
function checkMerges(value: unknown, name: string): void {
  const merges = array(value, `"model.merges" of ${name}`);
  if (merges.length > MAX_ENTRIES) {
    throw new TokenizerError(`"model.merges" of ${name} has ${merges.length} entries; at most ${MAX_ENTRIES}.`);
  }
  const isMerge = Array.isArray(merges[0])
    ? (merge: unknown) => Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === 'string')
    : (merge: unknown) => typeof merge === 'string' && merge.includes(' ');
  const wrong = merges.findIndex((merge) => !isMerge(merge));
  if (wrong !== -1) throw new TokenizerError(`"model.merges[${wrong}]" of ${name} is not a pair of pieces.`);
}

function addedToken(value: unknown, where: string, specials: ReadonlySet<unknown>): AddedToken {
  const entry = record(value, where);
  const { id, content, special } = entry;
  checkId(id, where);
  if (typeof content !== 'string' || content === '') throw new TokenizerError(`${where} has no text "content".`);
  return { id, content, special: special === true || specials.has(content), entry };
}

function checkId(id: unknown, where: string): asserts id is number {
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > MAX_TOKEN_ID) {
    throw new TokenizerError(`The id of ${where} is ${show(id)}; expected an integer from 0 to ${MAX_TOKEN_ID}.`);
  }
}

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenizerError(`Expected an object for ${where}, got ${show(value)}.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function array(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TokenizerError(`Expected a list for ${where}, got ${show(value)}.`);
  return value;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
