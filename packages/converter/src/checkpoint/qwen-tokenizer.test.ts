import { ModelFileError, TokenizerError } from '@ovis/core';
import { fixtureBytes, fixtureJson } from '@ovis/testing';
import { TextTokenizer } from '@ovis/text-tokenizer';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from './checkpoint-folder.ts';
import { tokenizerJsonFromQwenFiles, type QwenTokenizerFiles } from './qwen-tokenizer.ts';

const models = [
  'ovis1.0-tiny',
  'ovis2-tiny',
  'ovis2-gptq-int4-tiny',
  'ovis2.5-tiny',
  'ovis2.6-moe-tiny',
  'ovis2.6-next-tiny',
] as const;

function qwenFiles(model: (typeof models)[number] = 'ovis2.5-tiny'): QwenTokenizerFiles {
  return {
    vocabulary: fixtureBytes(`${model}/vocab.json`),
    merges: fixtureBytes(`${model}/merges.txt`),
    addedTokens: fixtureBytes(`${model}/added_tokens.json`),
    config: fixtureBytes(`${model}/tokenizer_config.json`),
  };
}

const bytesOf = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

/** Files differ in whether a merge is `"a b"` or `["a", "b"]`. */
function withoutSpelling({ model, ...rest }: JsonObject): JsonObject {
  const { merges, ...others } = model as { merges: readonly (string | readonly string[])[] };
  const pairs = merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')));
  return { ...rest, model: { ...others, merges: pairs } };
}

describe.each(models)('the files of %s', (model) => {
  const published = fixtureJson<JsonObject>(`${model}/tokenizer.json`);
  const made = tokenizerJsonFromQwenFiles(qwenFiles(model));

  test('give the published tokenizer.json, entry for entry', () => {
    expect(withoutSpelling(made)).toEqual(withoutSpelling(published));
  });

  test('give the ids and texts of the published one', () => {
    const config = { tokenizerConfig: fixtureBytes(`${model}/tokenizer_config.json`) };
    const tokenizer = TextTokenizer.fromFiles({ tokenizerJson: made, ...config });
    const expected = TextTokenizer.fromFiles({ tokenizerJson: published, ...config });
    for (const text of [
      "It's   12345\r\n x  ",
      'cafe\u0301 \u56FE\u7247 \u{1F600}',
      '<|im_start|>user\n<think>a</think><|im_end|>',
    ]) {
      const ids = tokenizer.encodeWithSpecials(text);
      expect(ids).toEqual(expected.encodeWithSpecials(text));
      expect(tokenizer.encode(text)).toEqual(expected.encode(text));
      expect(tokenizer.decode(ids)).toBe(expected.decode(ids));
    }
  });
});

test('takes added tokens from added_tokens.json where the config has none, special ones as it names them', () => {
  const { added_tokens_decoder: _, ...config } = fixtureJson<JsonObject>('ovis2.5-tiny/tokenizer_config.json');
  const made = tokenizerJsonFromQwenFiles({ ...qwenFiles(), config: bytesOf(config) });
  const flags = new Map(
    (made['added_tokens'] as { content: string; special: boolean }[]).map(({ content, special }) => [content, special]),
  );
  expect(flags.get('<|im_end|>')).toBe(true);
  expect(flags.get('<|endoftext|>')).toBe(true);
  expect(flags.get('<think>')).toBe(false);
  expect([...flags.keys()].toSorted()).toEqual(
    Object.keys(fixtureJson<JsonObject>('ovis2.5-tiny/added_tokens.json')).toSorted(),
  );
});

test('does with vocabulary and merges alone', () => {
  const made = tokenizerJsonFromQwenFiles({ ...qwenFiles(), addedTokens: null, config: null });
  expect(made['added_tokens']).toEqual([]);
});

test('keeps pieces that are names of JavaScript', () => {
  const vocabulary = '{"constructor": 0, "prototype": 1, "__proto__": 2, "toString": 3}';
  const made = tokenizerJsonFromQwenFiles({
    vocabulary: bytesOf(vocabulary),
    merges: bytesOf('con structor\nproto type\n__ proto__\n'),
    addedTokens: null,
    config: null,
  });
  expect(JSON.stringify(made)).toContain(JSON.stringify(JSON.parse(vocabulary)));
});

test('reads merges with any line ends, and one of number signs', () => {
  const made = tokenizerJsonFromQwenFiles({
    vocabulary: bytesOf({ '#': 0, a: 1, '##': 2, '#a': 3 }),
    merges: bytesOf('#version: 0.2\r\n# #\r\n\r\n# a \n'),
    addedTokens: null,
    config: null,
  });
  expect((made['model'] as { merges: unknown }).merges).toEqual(['# #', '# a']);
});

describe('refuses', () => {
  test.each<[name: string, change: Partial<QwenTokenizerFiles>, message: RegExp]>([
    ['a merge of one piece', { merges: bytesOf('#version: 0.2\nabc\n') }, /Line 2 of merges\.txt, "abc"/],
    ['a merge that gives no piece', { merges: bytesOf('q q\n') }, /Line 1 of merges\.txt, "q q"/],
    ['merges that are no text', { merges: Uint8Array.of(0xff, 0xfe) }, /no text in UTF-8/],
    ['a negative id', { vocabulary: bytesOf({ a: -1 }) }, /vocab\.json.*"a"/],
    ['an id that is a text', { addedTokens: bytesOf({ '<x>': '7' }) }, /added_tokens\.json/],
    ['another tokenizer', { config: bytesOf({ tokenizer_class: 'GPT2Tokenizer' }) }, /names a GPT2Tokenizer/],
    [
      'a token without text',
      { config: bytesOf({ added_tokens_decoder: { 7: { content: '' } } }) },
      /added_tokens_decoder/,
    ],
    [
      'an id that is no number',
      { config: bytesOf({ added_tokens_decoder: { x: { content: 'a' } } }) },
      /tokenizer_config\.json/,
    ],
    ['an id of two tokens', { addedTokens: bytesOf({ '<x>': 562 }) }, /Token 562 is "<x>" in added_tokens\.json/],
  ])('%s', (_, change, message) => {
    const make = () => tokenizerJsonFromQwenFiles({ ...qwenFiles(), ...change });
    expect(make).toThrow(TokenizerError);
    expect(make).toThrow(message);
  });

  test('a vocabulary that is no JSON', () => {
    expect(() => tokenizerJsonFromQwenFiles({ ...qwenFiles(), vocabulary: bytesOf('{') })).toThrow(ModelFileError);
  });
});
