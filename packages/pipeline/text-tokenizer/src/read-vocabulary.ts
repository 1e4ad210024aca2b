import { TokenizerError } from '@ovis/core';
import { expectList, expectObject, show, type JsonObject } from './expect-json.ts';

/** The trained vocabulary of a byte pair encoding. */
export type Vocabulary = {
  /** Id of each piece. */
  readonly ids: Readonly<Record<string, number>>;
  /** Piece of each id; ids without a piece are undefined. */
  readonly pieces: readonly (string | undefined)[];
};

/** Bound on pieces and on merges; the largest vocabulary of the family has 256,000. */
const MAX_ENTRIES = 2_000_000;
/** Bound on token ids, so that a lying file cannot make an array of billions of holes. */
const MAX_TOKEN_ID = 4_000_000;

/**
 * Reads `model.vocab` and `model.merges` of `tokenizer.json`: each id belongs to one piece, and each merge
 * gives a piece of the vocabulary, so that no text is lost.
 *
 * @throws TokenizerError naming the entry.
 */
export function readVocabulary(model: JsonObject, name: string): Vocabulary {
  const where = `"model.vocab" of ${name}`;
  const vocabulary = expectObject(model['vocab'], where);
  const entries = Object.keys(vocabulary);
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    throw new TokenizerError(`${where} has ${entries.length} entries; expected 1 to ${MAX_ENTRIES}.`);
  }
  const pieces: (string | undefined)[] = [];
  for (const piece of entries) {
    const id = vocabulary[piece];
    checkTokenId(id, () => `token ${show(piece)} in ${where}`);
    if (pieces[id] !== undefined) throw new TokenizerError(`${where} gives id ${id} to more than one token.`);
    pieces[id] = piece;
  }
  const ids = vocabulary as Readonly<Record<string, number>>;
  checkMerges(expectList(model['merges'], `"model.merges" of ${name}`), ids, name);
  return { ids, pieces };
}

/** @throws TokenizerError when `id` cannot be a token id. */
export function checkTokenId(id: unknown, where: () => string): asserts id is number {
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > MAX_TOKEN_ID) {
    throw new TokenizerError(`The id of ${where()} is ${show(id)}; expected an integer from 0 to ${MAX_TOKEN_ID}.`);
  }
}

/** Merges are strings `"a b"` or pairs `["a", "b"]`, all of one kind. */
function checkMerges(merges: readonly unknown[], ids: Readonly<Record<string, number>>, name: string): void {
  if (merges.length > MAX_ENTRIES) {
    throw new TokenizerError(`"model.merges" of ${name} has ${merges.length} entries; at most ${MAX_ENTRIES}.`);
  }
  const arePairs = Array.isArray(merges[0]);
  for (const [index, merge] of merges.entries()) {
    const merged = Array.isArray(merge) === arePairs ? mergedPiece(merge) : undefined;
    if (merged === undefined) {
      throw new TokenizerError(`"model.merges[${index}]" of ${name} is not a pair of pieces like the others.`);
    }
    if (!Object.hasOwn(ids, merged)) {
      throw new TokenizerError(
        `"model.merges[${index}]" of ${name} gives ${show(merged)}, which "model.vocab" does not contain.`,
      );
    }
  }
}

/** The piece that a merge gives; undefined where it is no merge. */
export function mergedPiece(merge: unknown): string | undefined {
  const parts: readonly unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
  const [left, right] = parts;
  return parts.length === 2 && typeof left === 'string' && typeof right === 'string' ? left + right : undefined;
}
