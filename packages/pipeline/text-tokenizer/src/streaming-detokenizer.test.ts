import { tokenId, type TokenId } from '@ovis/core';
import { fixtureCases, integersOf } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { fixtureTokenizer, releasedFiles, smallDefinition } from '../test/tokenizers.ts';
import { TextTokenizer } from './text-tokenizer.ts';

const qwen3 = TextTokenizer.fromFiles(releasedFiles('qwen3'));
const small = TextTokenizer.fromFiles({ tokenizerJson: smallDefinition() });
/** Byte tokens of the small tokenizer. */
const bytes = (...values: number[]): TokenId[] =>
  values.map((value) => {
    const piece = byteCharacter(value);
    for (let id = 0; id < 256; id++) if (small.pieceOf(tokenId(id)) === piece) return tokenId(id);
    throw new Error(`No token for byte ${value}.`);
  });

/** GPT-2's character for a byte. */
function byteCharacter(value: number): string {
  if (isPrintable(value)) return String.fromCodePoint(value);
  const before = Array.from({ length: value }, (_, byte) => byte).filter((byte) => !isPrintable(byte));
  return String.fromCodePoint(0x100 + before.length);
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

/**
 * Where a stream is wrong: a push that ends inside a character or is no beginning of the whole text, and a
 * stream stopped after some tokens that differs from the decoding of these.
 */
function streamFaults(tokenizer: TextTokenizer, ids: readonly TokenId[]): string[] {
  const whole = tokenizer.decode(ids);
  const detokenizer = tokenizer.detokenizer();
  const faults: string[] = [];
  let streamed = '';
  for (const [index, id] of ids.entries()) {
    const delta = detokenizer.push(id);
    streamed += delta;
    if (/\p{Surrogate}/u.test(delta) || !whole.startsWith(streamed)) faults.push(`${index}: ${JSON.stringify(delta)}`);
    const stopped = tokenizer.detokenizer();
    const prefix = ids.slice(0, index + 1);
    const text = prefix.map((each) => stopped.push(each)).join('') + stopped.flush();
    if (text !== tokenizer.decode(prefix)) faults.push(`stopped at ${index}: ${JSON.stringify(text)}`);
  }
  return streamed + detokenizer.flush() === whole ? faults : [...faults, `whole: ${JSON.stringify(whole)}`];
}

describe('a stream gives the text of the whole list', () => {
  test.each(['Two red squares.', '👩‍👩‍👧‍👦👍🏽🇩🇪 family', '图片里有三个红色的正方形。', 'e\u0301 ñ ZWJ\u200D', 'a\n\n  b\t'])(
    'for %j',
    (text) => {
      expect(streamFaults(qwen3, qwen3.encode(text))).toEqual([]);
      for (const model of ['ovis2-tiny', 'ovis2.5-tiny'] as const) {
        const tokenizer = fixtureTokenizer(model);
        expect(streamFaults(tokenizer, tokenizer.encode(text))).toEqual([]);
      }
    },
  );

  test.each(['ovis2-tiny', 'ovis2.5-tiny'] as const)('for the nonsense that %s answers', (model) => {
    const tokenizer = fixtureTokenizer(model);
    for (const { tensors } of fixtureCases(model)) {
      const ids = tensors.has('greedy_ids') ? integersOf(tensors.get('greedy_ids')).map(tokenId) : [];
      expect(streamFaults(tokenizer, ids)).toEqual([]);
    }
  });

  test('for random bytes', () => {
    let state = 12345;
    const next = (): number => (state = (state * 1103515245 + 12345) % 2 ** 31);
    for (let run = 0; run < 20; run++) {
      expect(streamFaults(small, bytes(...Array.from({ length: 24 }, () => (next() >> 8) & 0xff)))).toEqual([]);
    }
  });
});

test.each([
  [[0xf0, 0x9f, 0x98, 0x80], '😀'],
  [[0xf0, 0x9f, 0x98], '\uFFFD'],
  [[0xf0, 0x9f, 0x41], '\uFFFDA'],
  [[0x80, 0x80], '\uFFFD\uFFFD'],
  [[0xc0, 0x80], '\uFFFD\uFFFD'],
  [[0xed, 0xa0, 0x80], '\uFFFD\uFFFD\uFFFD'],
  [[0xf4, 0x90, 0x80, 0x80], '\uFFFD\uFFFD\uFFFD\uFFFD'],
  [[0xef, 0xbb, 0xbf, 0x41], '\uFEFFA'],
])('decodes the bytes %j as the official code does', (values, text) => {
  const ids = bytes(...values);
  expect(small.decode(ids)).toBe(text);
  expect(streamFaults(small, ids)).toEqual([]);
});

test('gives a character only when its last byte has come', () => {
  const detokenizer = small.detokenizer();
  expect(bytes(0xe5, 0x9b, 0xbe, 0x41).map((id) => detokenizer.push(id))).toEqual(['', '', '图', 'A']);
  expect(detokenizer.flush()).toBe('');
});

test('a skipped special token inside a character does not break it', () => {
  const [first, second] = bytes(0xc3, 0xa9);
  if (first === undefined || second === undefined) throw new Error('two bytes');
  const ids = [first, tokenId(258), second];
  expect(small.decode(ids)).toBe('é');
  expect(streamFaults(small, ids)).toEqual([]);
});

test('replacements that span tokens are made once their end has come', () => {
  const tokenizer = TextTokenizer.fromFiles({ tokenizerJson: smallDefinition(), tokenizerConfig: {} });
  for (const text of ["do n't . ? ! , ' 'm 's 've 're end ", " . ' . ' n't", "a ' 's ' b"]) {
    expect(streamFaults(tokenizer, tokenizer.encode(text))).toEqual([]);
  }
});

test('long streams take time for their own tokens only', () => {
  const detokenizer = qwen3.detokenizer();
  const ids = qwen3.encode('word '.repeat(2000));
  const started = performance.now();
  for (const id of ids) detokenizer.push(id);
  expect(performance.now() - started).toBeLessThan(1000);
});
