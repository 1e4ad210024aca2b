import type { Steps } from '@ovis/core';
import { Collection } from './collection.ts';
import { Byte, endOfString, endOfValue, isClosing, isOpening, skipSpace } from './scan-bytes.ts';

/** How {@link parseJsonInPieces} works. */
export type PieceOptions = {
  /** Path of an object that becomes a Map, which can be made and read in slices. None by default. */
  readonly mapAt?: readonly string[] | undefined;
  /** Bytes that are parsed at once, about. Default: 32,768, which take half a millisecond. */
  readonly pieceBytes?: number;
};

/** Containers inside containers that are taken apart, as a vocabulary is that lies in a model in a file. */
const MAX_DEPTH = 2;

/**
 * What `JSON.parse` gives for a text in UTF-8, in steps: large lists and objects are cut between their members and
 * parsed a piece at a time.
 *
 * @throws SyntaxError or TypeError when the bytes are no JSON in UTF-8.
 */
export function* parseJsonInPieces(
  bytes: Uint8Array,
  { mapAt, pieceBytes = 2 ** 15 }: PieceOptions = {},
): Steps<unknown> {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = skipSpace(bytes, hasMark ? 3 : 0);
  if (!isOpening(bytes[start])) return parse(bytes, start, bytes.length);
  const reader = new Reader(bytes, start, pieceBytes);
  const value = yield* reader.container(mapAt ?? null, 0);
  reader.expectEnd();
  return value;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #pieceBytes: number;
  #at: number;

  constructor(bytes: Uint8Array, at: number, pieceBytes: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#pieceBytes = pieceBytes;
  }

  /** Reads the list or object that begins here. Members that are no large containers gather in a piece. */
  *container(mapAt: readonly string[] | null, depth: number): Steps<unknown> {
    const isList = this.#bytes[this.#at] === Byte.listStart;
    const end = isList ? Byte.listEnd : Byte.objectEnd;
    const members = new Collection(isList ? 'list' : mapAt?.length === 0 ? 'map' : 'object');
    this.#skip(1);
    if (this.#bytes[this.#at] === end) {
      this.#skip(1);
      return members.value;
    }
    let pieceStart = -1; // where members begin that were passed, but not parsed
    let pieceEnd = -1;
    const parsePiece = (): void => {
      if (pieceStart !== -1) members.addPiece(parse(this.#bytes, pieceStart, pieceEnd, members.brackets));
      pieceStart = -1;
    };
    for (;;) {
      const memberStart = this.#at;
      const keyEnd = isList ? memberStart : this.#passKey();
      if (depth < MAX_DEPTH && isOpening(this.#bytes[this.#at])) {
        parsePiece();
        const key = isList ? '' : String(parse(this.#bytes, memberStart, keyEnd));
        const inside = !isList && mapAt?.[0] === key ? mapAt.slice(1) : null;
        members.add(key, yield* this.container(inside, depth + 1));
      } else {
        this.#passValue();
        if (pieceStart === -1) pieceStart = memberStart;
        pieceEnd = this.#at;
      }
      this.#skip(0);
      const separator = this.#bytes[this.#at];
      if (separator === end || pieceEnd - pieceStart >= this.#pieceBytes) {
        parsePiece();
        yield;
      }
      if (separator !== end && separator !== Byte.comma) this.#fail('a comma or an end');
      this.#skip(1);
      if (separator === end) return members.value;
      if (isClosing(this.#bytes[this.#at])) this.#fail('a value');
    }
  }

  /** After the outermost container. */
  expectEnd(): void {
    if (this.#at !== this.#bytes.length) this.#fail('the end');
  }

  /** Passes a key and its colon; the end of the key. */
  #passKey(): number {
    if (this.#bytes[this.#at] !== Byte.quote) this.#fail('a key');
    const end = endOfString(this.#bytes, this.#at);
    this.#at = skipSpace(this.#bytes, end);
    if (this.#bytes[this.#at] !== Byte.colon) this.#fail('a colon');
    this.#skip(1);
    return end;
  }

  #passValue(): void {
    const end = endOfValue(this.#bytes, this.#at);
    if (end === this.#at) this.#fail('a value');
    this.#at = end;
  }

  #skip(bytes: number): void {
    this.#at = skipSpace(this.#bytes, this.#at + bytes);
  }

  #fail(expected: string): never {
    throw new SyntaxError(`Expected ${expected} at byte ${this.#at}`);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parse(bytes: Uint8Array, start: number, end: number, brackets: Collection['brackets'] = ['', '']): unknown {
  return JSON.parse(brackets[0] + utf8.decode(bytes.subarray(start, end)) + brackets[1]);
}
