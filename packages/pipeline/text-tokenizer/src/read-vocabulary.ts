import { TokenizerError, type Steps } from '@ovis/core';
import { expectList, expectObject, show, type JsonObject } from './expect-json.ts';

/** The trained vocabulary of a byte pair encoding. */
export type Vocabulary = {
  /** Id of each piece. */
  readonly ids: Map<string, number>;
  /** Piece of each id; ids without a piece are undefined. */
  readonly pieces: readonly (string | undefined)[];
  /** Rank of each merge, the first one lowest, by the JSON of its two pieces. */
  readonly ranks: Map<string, number>;
};

/** Bound on pieces and on merges; the largest vocabulary of the family has 256,000. */
const MAX_ENTRIES = 2_000_000;
/** Bound on token ids, so that a lying file cannot make an array of billions of holes. */
const MAX_TOKEN_ID = 4_000_000;

/** Entries that are checked in a step, about half a millisecond. */
const ENTRIES_PER_STEP = 2048;

/**
 * Reads `model.vocab` and `model.merges` of `tokenizer.json`: each id belongs to one piece, and each merge
 * gives a piece of the vocabulary, so that no text is lost.
 *
 * @param never - Pieces that no merge may give: merges into them are left out.
 * @throws TokenizerError naming the entry.
 */
export function* readVocabulary(model: JsonObject, name: string, never: ReadonlySet<string>): Steps<Vocabulary> {
  const where = `"model.vocab" of ${name}`;
  const ids = entriesOf(model['vocab'], where);
  if (ids.size === 0 || ids.size > MAX_ENTRIES) {
    throw new TokenizerError(`${where} has ${ids.size} entries; expected 1 to ${MAX_ENTRIES}.`);
  }
  const pieces: (string | undefined)[] = [];
  let entries = 0;
  for (const [piece, id] of ids) {
    checkTokenId(id, () => `token ${show(piece)} in ${where}`);
    if (pieces[id] !== undefined) throw new TokenizerError(`${where} gives id ${id} to more than one token.`);
    pieces[id] = piece;
    if (++entries % ENTRIES_PER_STEP === 0) yield;
  }
  const checked = ids as Map<string, number>;
  const merges = expectList(model['merges'], `"model.merges" of ${name}`);
  return { ids: checked, pieces, ranks: yield* readMerges(merges, checked, name, never) };
}

/** The members of an object, which may have been read as a Map. */
function entriesOf(value: unknown, where: string): Map<string, unknown> {
  if (value instanceof Map) return value as Map<string, unknown>;
  return new Map(Object.entries(expectObject(value, where)));
}

/** @throws TokenizerError when `id` cannot be a token id. */
export function checkTokenId(id: unknown, where: () => string): asserts id is number {
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > MAX_TOKEN_ID) {
    throw new TokenizerError(`The id of ${where()} is ${show(id)}; expected an integer from 0 to ${MAX_TOKEN_ID}.`);
  }
}

/** Merges are strings `"a b"` or pairs `["a", "b"]`, all of one kind. */
function* readMerges(
  merges: readonly unknown[],
  ids: ReadonlyMap<string, number>,
  name: string,
  never: ReadonlySet<string>,
): Steps<Map<string, number>> {
  if (merges.length > MAX_ENTRIES) {
    throw new TokenizerError(`"model.merges" of ${name} has ${merges.length} entries; at most ${MAX_ENTRIES}.`);
  }
  const ranks = new Map<string, number>();
  const arePairs = Array.isArray(merges[0]);
  for (const [index, merge] of merges.entries()) {
    const [left, right] = Array.isArray(merge) === arePairs ? mergedPieces(merge) : [];
    if (typeof left !== 'string' || typeof right !== 'string') {
      throw new TokenizerError(`"model.merges[${index}]" of ${name} is not a pair of pieces like the others.`);
    }
    const merged = left + right;
    if (!ids.has(merged)) {
      throw new TokenizerError(
        `"model.merges[${index}]" of ${name} gives ${show(merged)}, which "model.vocab" does not contain.`,
      );
    }
    if (!never.has(merged)) ranks.set(keyOf(left, right, merged), index);
    if (index % ENTRIES_PER_STEP === 0) yield;
  }
  return ranks;
}

/** The two pieces that a merge joins; none where it is no merge. */
function mergedPieces(merge: unknown): readonly unknown[] {
  const parts: readonly unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
  return parts.length === 2 ? parts : [];
}

/** Characters that JSON spells in another way. */
const ESCAPED = /[^ !#-[\]-\uD7FF\uE000-\uFFFF]/;

/** `JSON.stringify([left, right])`, in a quarter of its time. */
function keyOf(left: string, right: string, merged: string): string {
  return ESCAPED.test(merged) ? JSON.stringify([left, right]) : `["${left}","${right}"]`;
}
