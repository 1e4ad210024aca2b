import { createHash } from 'node:crypto';
import { crc32, gunzipSync } from 'node:zlib';
import { tokenId, type TokenId } from '@ovis/core';
import { fixtureBytes } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { TextTokenizer } from '../src/index.ts';
import { cleanUpReplacements, StreamingReplace } from '../src/streaming-replace.ts';
import { releasedFiles, releasedVocabularies } from './tokenizers.ts';

/** CRC-32 of decoded texts in UTF-8: of the whole, and of all prefixes with a byte 0xFF after each. */
type TextSums = {
  readonly skipped: readonly number[];
  readonly kept: readonly number[];
  /** 0 for longer lists than `max_prefix_tokens`. */
  readonly prefixes: readonly number[];
};

/** What the Python library does (scripts/make-corpus.py). */
type Expectations = {
  readonly sha256: string;
  /** Ids of the first strings, all tokens read. */
  readonly ids: readonly (readonly number[])[];
  /** CRC-32 of the ids as little-endian uint32. */
  readonly sums: Readonly<Record<'complete' | 'answer' | 'plain', readonly number[]>>;
  readonly texts: TextSums;
  readonly random: { readonly ids: readonly (readonly number[])[]; readonly texts: TextSums };
};

type Corpus = {
  readonly max_prefix_tokens: number;
  readonly strings: readonly string[];
  readonly families: Readonly<Record<(typeof releasedVocabularies)[number], Expectations>>;
};

const corpus = JSON.parse(gunzipSync(fixtureBytes('tokenizers/corpus.json.gz')).toString('utf8')) as Corpus;
const { strings } = corpus;

test('the corpus holds at least 2,000 different strings', () => {
  expect(new Set(strings).size).toBeGreaterThanOrEqual(2000);
});

describe.each(releasedVocabularies)('the tokenizer of %s does what the Python library does', (family) => {
  const files = releasedFiles(family);
  const expected = corpus.families[family];
  // The library decodes without the clean-up of transformers.
  const tokenizer = TextTokenizer.fromFiles({ tokenizerJson: files.tokenizerJson });
  const complete = strings.map((text) => tokenizer.encodeWithSpecials(text));

  test('with the same file', () => {
    expect(createHash('sha256').update(files.tokenizerJson).digest('hex')).toBe(expected.sha256);
  });

  test('encoding, all tokens read', () => {
    expect(complete.slice(0, expected.ids.length)).toEqual(expected.ids);
    expect(differing(complete.map(sumOfIds), expected.sums.complete)).toEqual([]);
  });

  test('encoding earlier answers, no special token read', () => {
    const sums = strings.map((text) => sumOfIds(tokenizer.encodeAnswer(text)));
    expect(differing(sums, expected.sums.answer)).toEqual([]);
  });

  test('encoding text, no control token read', () => {
    const sums = strings.map((text) => sumOfIds(tokenizer.encode(text)));
    expect(differing(sums, expected.sums.plain)).toEqual([]);
  });

  test('decoding', () => {
    const { skipped, kept } = textSums(tokenizer, complete);
    expect(differing(skipped, expected.texts.skipped)).toEqual([]);
    expect(differing(kept, expected.texts.kept)).toEqual([]);
  });

  test('decoding nonsense', () => {
    const lists = expected.random.ids.map((list) => list.map(tokenId));
    const { skipped, kept } = textSums(tokenizer, lists);
    expect(skipped).toEqual(expected.random.texts.skipped);
    expect(kept).toEqual(expected.random.texts.kept);
    expect(lists.map((ids) => prefixSum(tokenizer, ids))).toEqual(expected.random.texts.prefixes);
  });

  test('decoding a stream that ends after any token', () => {
    const sums = complete.map((ids) => (ids.length > corpus.max_prefix_tokens ? 0 : prefixSum(tokenizer, ids)));
    expect(differing(sums, expected.texts.prefixes)).toEqual([]);
  });

  test('a stream gives final text only', () => {
    const faulty = complete.filter((ids) => {
      const detokenizer = tokenizer.detokenizer();
      const deltas = ids.map((id) => detokenizer.push(id));
      const endsInsideCharacter = deltas.some((delta) => /\p{Surrogate}/u.test(delta));
      return endsInsideCharacter || deltas.join('') + detokenizer.flush() !== tokenizer.decode(ids);
    });
    expect(faulty).toEqual([]);
  });
});

test('a stream is cleaned up like a whole text', () => {
  const faulty = strings.filter((text) => {
    const stages = cleanUpReplacements.map((pair) => new StreamingReplace(...pair));
    // By single characters, the shortest pieces there are.
    const pushed = Array.from(text, (piece) => stages.reduce((rest, stage) => stage.push(rest), piece)).join('');
    const streamed = pushed + stages.reduce((rest, stage) => stage.push(rest) + stage.flush(), '');
    return streamed !== cleanUpReplacements.reduce((rest, [from, to]) => rest.replaceAll(from, to), text);
  });
  expect(faulty).toEqual([]);
});

/** Strings for which sums differ, at most ten. */
function differing(sums: readonly number[], expected: readonly number[]): string[] {
  expect(sums).toHaveLength(expected.length);
  return strings.filter((_, index) => sums[index] !== expected[index]).slice(0, 10);
}

function sumOfIds(ids: readonly TokenId[]): number {
  const words = new DataView(new ArrayBuffer(4 * ids.length));
  for (const [index, id] of ids.entries()) words.setUint32(4 * index, id, true);
  return crc32(new Uint8Array(words.buffer));
}

function textSums(tokenizer: TextTokenizer, lists: readonly (readonly TokenId[])[]): Omit<TextSums, 'prefixes'> {
  return {
    skipped: lists.map((ids) => crc32(tokenizer.decode(ids))),
    kept: lists.map((ids) => crc32(tokenizer.decode(ids, { skipSpecialTokens: false }))),
  };
}

/** Each prefix is streamed token by token and flushed. */
function prefixSum(tokenizer: TextTokenizer, ids: readonly TokenId[]): number {
  let sum = 0;
  for (let end = 1; end <= ids.length; end++) {
    const detokenizer = tokenizer.detokenizer();
    let text = '';
    for (const id of ids.slice(0, end)) text += detokenizer.push(id);
    sum = crc32(Uint8Array.of(0xff), crc32(text + detokenizer.flush(), sum));
  }
  return sum;
}
